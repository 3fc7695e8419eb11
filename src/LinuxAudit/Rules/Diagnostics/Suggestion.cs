namespace LinuxAudit.Rules;

/// <summary>"Did you mean": the closest of some words by edit distance (Damerau-Levenshtein with adjacent swaps).</summary>
internal static class Suggestion
{
    private const int LongestWord = 40;

    /// <summary><c>did you mean "x"?</c>, or null when nothing is close: within a third of the word's length, at least one edit.</summary>
    public static string? For(ReadOnlySpan<char> word, IEnumerable<string> candidates) =>
        Closest(word, candidates) is { } closest ? $"did you mean \"{closest}\"?" : null;

    public static string? Closest(ReadOnlySpan<char> word, IEnumerable<string> candidates)
    {
        if (word.IsEmpty || word.Length > LongestWord) return null;
        int best = Math.Max(1, word.Length / 3) + 1;
        string? closest = null;
        foreach (string candidate in candidates)
        {
            if (candidate.Length > LongestWord || Math.Abs(candidate.Length - word.Length) > best) continue;
            int distance = Distance(word, candidate);
            // Of two as close, the one that begins like the word: "perm" and not "pers" for "perms".
            bool closer = distance < best || (distance == best && closest is not null && Shared(word, candidate) > Shared(word, closest));
            if (closer) (best, closest) = (distance, candidate);
        }

        return closest;
    }

    private static int Shared(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        int length = 0;
        while (length < a.Length && length < b.Length && char.ToLowerInvariant(a[length]) == char.ToLowerInvariant(b[length])) length++;
        return length;
    }

    private static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        Span<int> rows = stackalloc int[3 * (LongestWord + 1)];
        Span<int> beforeLast = rows[..(LongestWord + 1)];
        Span<int> last = rows.Slice(LongestWord + 1, LongestWord + 1);
        Span<int> row = rows.Slice(2 * (LongestWord + 1), LongestWord + 1);
        for (int j = 0; j <= b.Length; j++) last[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                bool same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                int distance = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + (same ? 0 : 1));
                bool swapped = i > 1 && j > 1 && char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 2])
                    && char.ToLowerInvariant(a[i - 2]) == char.ToLowerInvariant(b[j - 1]);
                row[j] = swapped ? Math.Min(distance, beforeLast[j - 2] + 1) : distance;
            }

            Span<int> oldest = beforeLast;
            beforeLast = last;
            last = row;
            row = oldest;
        }

        return last[b.Length];
    }
}
