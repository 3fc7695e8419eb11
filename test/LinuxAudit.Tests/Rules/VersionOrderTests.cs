using System.Diagnostics;
using LinuxAudit.Rules;

namespace LinuxAudit.Tests.Rules;

public sealed class VersionOrderTests(ITestOutputHelper output)
{
    [Fact]
    public void Compare_RandomNames_SortsLikeLs()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        const string Alphabet = "aAbz019.-_~ rules";
        HashSet<string> names = ["10-a.rules", "9-a.rules", "09-a.rules", "1.10.rules", "1.9.rules", "a.rules", "a-1.rules", "a.tar.gz", "10.rules~"];
        while (names.Count < 600)
        {
            string name = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Alphabet[random.Next(Alphabet.Length)])) + (random.Next(2) == 0 ? ".rules" : "");
            if (!name.StartsWith('.')) names.Add(name);
        }

        DirectoryInfo directory = Directory.CreateTempSubdirectory("aks-auditd-order-");
        try
        {
            foreach (string name in names) File.WriteAllText(Path.Combine(directory.FullName, name), "");
            ProcessStartInfo start = new("ls", ["-1v", directory.FullName]) { RedirectStandardOutput = true, Environment = { ["LC_ALL"] = "C" } };
            using Process ls = Process.Start(start)!;
            string[] expected = ls.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(expected, names.Order(VersionOrder.Comparer));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
