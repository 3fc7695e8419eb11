namespace LinuxAudit.Rules;

/// <summary>The order of <c>ls -v</c>, in which augenrules reads files: numbers inside names compare as numbers (GNU coreutils manual, "Version sort
/// ordering").</summary>
/// <remarks>For names that do not start with a dot: augenrules reads no others.</remarks>
public sealed class VersionOrder : IComparer<string>
{
    private VersionOrder()
    {
    }

    /// <summary>The one comparer.</summary>
    public static VersionOrder Comparer { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        (x, y) = (x ?? "", y ?? "");
        int order = CompareParts(x.AsSpan(0, SuffixStart(x)), y.AsSpan(0, SuffixStart(y)));
        if (order == 0) order = CompareParts(x, y);
        return order != 0 ? order : string.CompareOrdinal(x, y);
    }

    /// <summary>Where the file name extension starts: the longest end that is made of parts such as <c>.rules</c> or <c>.tar.gz</c>.</summary>
    private static int SuffixStart(string name)
    {
        int start = name.Length;
        for (int i = name.Length - 1; i > 0; i--)
        {
            char c = name[i];
            if (c == '.' && i + 1 < name.Length && (char.IsAsciiLetter(name[i + 1]) || name[i + 1] == '~')) start = i;
            else if (c == '.' || !(char.IsAsciiLetterOrDigit(c) || c == '~')) break;
        }

        return start;
    }

    /// <summary>Compares in turns a stretch without digits, by character class, and a number.</summary>
    private static int CompareParts(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        (int i, int j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            while ((i < a.Length && !char.IsAsciiDigit(a[i])) || (j < b.Length && !char.IsAsciiDigit(b[j])))
            {
                int order = Weight(a, i) - Weight(b, j);
                if (order != 0) return order;
                i++;
                j++;
            }

            ReadOnlySpan<char> numberA = TakeNumber(a, ref i);
            ReadOnlySpan<char> numberB = TakeNumber(b, ref j);
            int difference = numberA.Length != numberB.Length ? numberA.Length - numberB.Length : numberA.SequenceCompareTo(numberB);
            if (difference != 0) return difference;
        }

        return 0;
    }

    /// <summary>~ before the end of the name, that before digits, then letters, then everything else.</summary>
    private static int Weight(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length) return -1;
        char c = text[at];
        return c == '~' ? -2 : char.IsAsciiDigit(c) ? 0 : char.IsAsciiLetter(c) ? c : c + 256;
    }

    private static ReadOnlySpan<char> TakeNumber(ReadOnlySpan<char> text, ref int at)
    {
        while (at < text.Length && text[at] == '0') at++;
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return start <= text.Length ? text[start..at] : [];
    }
}
