using System.Globalization;
using System.Text;

namespace AksAuditd.Check;

/// <summary>Text from files as a terminal may have it: nothing in it can move the cursor, change colours or turn the direction of writing.</summary>
internal static class DisplayText
{
    /// <summary>Columns of a tab.</summary>
    private const int TabWidth = 4;

    /// <summary>The text with everything that is not a plain character shown as one that is.</summary>
    public static string Clean(string text)
    {
        StringBuilder clean = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) Append(clean, rune);
        return clean.ToString();
    }

    /// <summary>A character as it is shown.</summary>
    public static void Append(StringBuilder to, Rune rune)
    {
        if (rune.Value == '\t') to.Append(' ', TabWidth);
        else if (rune.Value < 0x20) to.Append((char)(0x2400 + rune.Value));
        else if (rune.Value == 0x7F) to.Append('\u2421');
        else if (IsUnsafe(rune)) to.Append('\uFFFD');
        else to.Append(rune.ToString());
    }

    /// <summary>How many columns of a terminal a character takes when shown: 0, 1 or 2, and 4 for a tab.</summary>
    public static int Width(Rune rune)
    {
        if (rune.Value == '\t') return TabWidth;
        if (rune.Value < 0x300 || IsUnsafe(rune)) return 1;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark) return 0;
        return IsWide(rune.Value) ? 2 : 1;
    }

    // C1 controls, marks of direction, line separators, what is no character: shown as U+FFFD.
    private static bool IsUnsafe(Rune rune) =>
        rune.Value is >= 0x80 and < 0xA0 || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate;

    // East Asian Width W and F, and emoji, of Unicode 15 (EastAsianWidth.txt), in blocks.
    private static bool IsWide(int value) => value
        is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0x33FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xA000 and <= 0xA4CF) or (>= 0xA960 and <= 0xA97F) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F)
        or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF)
        or (>= 0x1F900 and <= 0x1F9FF) or (>= 0x20000 and <= 0x3FFFD);
}
