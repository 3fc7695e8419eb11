using YamlDotNet.Core;

namespace AksAuditd.Configuration;

/// <summary>What messages about configuration have in common.</summary>
internal static class ConfigText
{
    /// <summary>A place in a file.</summary>
    public static string At(string path, Mark mark) => $"{path}:{mark.Line}:{mark.Column}";

    /// <summary>The name that was probably meant, or all there are.</summary>
    public static string Known(string name, IEnumerable<string> names)
    {
        string[] all = [.. names];
        string? near = all.FirstOrDefault(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase))
            ?? all.Where(n => Distance(n, name) <= 3).MinBy(n => Distance(n, name));
        return near is null ? $"valid: {string.Join(", ", all)}" : $"did you mean {near}?";
    }

    /// <summary>A text for a message of one line.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[b.Length];
    }
}
