using System.Globalization;

namespace AksAuditd.Configuration;

/// <summary>A number of bytes as Kubernetes writes it: <c>8000</c>, <c>64Ki</c>, <c>256Mi</c>, <c>1Gi</c>; a final <c>B</c> does no harm.</summary>
internal static class Quantity
{
    /// <summary>What is valid, for messages.</summary>
    public const string Syntax = "a number of bytes, or with Ki, Mi or Gi behind it";

    /// <summary>Reads one; false when it is none or does not fit.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        string number = text.EndsWith("iB", StringComparison.Ordinal) ? text[..^1] : text;
        int shift = number switch { [.., 'K', 'i'] => 10, [.., 'M', 'i'] => 20, [.., 'G', 'i'] => 30, _ => 0 };
        if (shift > 0) number = number[..^2];
        bool fits = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out bytes) && bytes <= long.MaxValue >> shift;
        bytes = fits ? bytes << shift : 0;
        return fits;
    }
}
