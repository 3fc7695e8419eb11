using System.Globalization;
using System.IO.Compression;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Rules;

/// <summary>
/// Gives rules to auditctl and to us, each to an empty kernel, and compares: accepted or not, the bytes the kernel lists, the text
/// <c>auditctl -l</c> prints. What differs has to be listed in <see cref="KnownDifference"/>, and what is listed there has to differ.
/// </summary>
public sealed class RuleParityTests(ITestOutputHelper output)
{
    private const int FixedSeed = 20261122;
    private const string Samples = "/usr/share/doc/auditd/examples/rules";

    [Fact(Skip = "kernel audit is not usable here", SkipUnless = nameof(AuditMachine.IsUsable), SkipType = typeof(AuditMachine))]
    public void EveryRule_GivenToAuditctlAndToUs_HasTheSameOutcome()
    {
        int newSeed = Setting("AKS_PARITY_SEED", Random.Shared.Next());
        int newRules = Setting("AKS_PARITY_COUNT", LongRun.IsOn ? 5000 : 200);
        output.WriteLine($"seeds: {FixedSeed} and {newSeed} (AKS_PARITY_SEED={newSeed} AKS_PARITY_COUNT={newRules} repeats this run)");
        RuleGrammar known = new(FixedSeed), fresh = new(newSeed);
        List<string> lines =
        [
            .. SampleRules(), .. OddRules.All, .. RuleGrammar.Matrix(), .. RuleGrammar.Comparisons(), .. RuleGrammar.Values(),
            .. Enumerable.Range(0, 1500).Select(_ => known.Next()), .. Enumerable.Range(0, newRules).Select(_ => fresh.Next()),
        ];
        Assert.True(lines.Count >= 5000, $"only {lines.Count} rules");

        using Parity parity = new();
        foreach (string line in lines.Distinct()) parity.Compare(line);
        output.WriteLine($"{parity.Count} rules: {parity.Accepted} loaded by both, {parity.Refused} refused by both, {parity.Differences.Count} told apart; {parity.Texts} printed");

        HashSet<string> seen = parity.Quirks;
        List<string> unlisted = [];
        foreach ((DifferenceKind kind, string rule, string detail) in parity.Differences)
        {
            KnownDifference? listed = KnownDifference.All.FirstOrDefault(d => d.Kind == kind && d.Covers(rule));
            if (listed is null) unlisted.Add($"{kind}: {(rule.Length > 200 ? rule[..200] : rule)}\n    {detail}");
            else seen.Add(listed.Name);
        }

        Assert.True(unlisted.Count == 0, $"{unlisted.Count} differences are not listed:\n" + string.Join('\n', unlisted.Take(40)));
        Assert.Empty(KnownDifference.All.Select(d => d.Name).Concat(PrintingQuirks.Names).Except(seen).Select(name => name + " no longer occurs"));
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : fallback;

    /// <summary>The rules auditd ships as samples; some files are packed.</summary>
    private static IEnumerable<string> SampleRules()
    {
        foreach (string file in Directory.EnumerateFiles(Samples).Order(StringComparer.Ordinal))
        {
            using Stream packed = File.OpenRead(file);
            using Stream plain = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(packed, CompressionMode.Decompress) : packed;
            using StreamReader reader = new(plain);
            while (reader.ReadLine() is { } line)
                if (line.StartsWith("-a", StringComparison.Ordinal) || line.StartsWith("-A", StringComparison.Ordinal) || line.StartsWith("-w", StringComparison.Ordinal)) yield return line;
        }
    }
}
