using System.Buffers.Text;
using System.Text;

namespace NoEventLost;

/// <summary>Finds the numbers in an audit log.</summary>
public static class ExecLog
{
    /// <summary>Which of the numbers 0 to <paramref name="count"/> - 1 have no EXECVE record, in order.</summary>
    public static List<int> Missing(string path, string tag, int count)
    {
        byte[] argument = Encoding.ASCII.GetBytes($" a1=\"{tag}");
        bool[] found = new bool[count];
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!line.StartsWith("type=EXECVE "u8)) continue;
            int at = line.IndexOf(argument);
            if (at >= 0 && Utf8Parser.TryParse(line[(at + argument.Length)..], out int number, out _) && number < count) found[number] = true;
        }
        return [.. Enumerable.Range(0, count).Where(n => !found[n])];
    }
}
