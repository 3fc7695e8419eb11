using System.Globalization;

namespace AksAuditd.Configuration;

/// <summary>
/// Durations in the exact syntax of Go's <c>time.ParseDuration</c>: an optional sign, then one or more decimal numbers each with
/// an optional fraction and a unit of <c>ns us µs ms s m h</c>; or a bare <c>0</c>. Range: ±(2⁶³ − 1) ns, and −2⁶³ ns.
/// Source: the documentation of Go's package time.
/// </summary>
internal static class GoDuration
{
    private const ulong Limit = 1UL << 63;

    /// <summary>What is valid, for error messages.</summary>
    public const string Syntax = "a Go duration such as 30s, 20m, 1h15m30.5s (units ns us µs ms s m h)";

    /// <summary>Parses <paramref name="text"/> to nanoseconds.</summary>
    /// <param name="text">The duration; no white space is allowed.</param>
    /// <param name="nanoseconds">The value; fractions of a nanosecond are cut off, as Go does.</param>
    /// <param name="error">Why it is not a duration; empty on success.</param>
    public static bool TryParse(string text, out long nanoseconds, out string error)
    {
        nanoseconds = 0;
        error = "";
        ReadOnlySpan<char> rest = text;
        bool negative = rest is ['-', ..];
        if (rest is ['-' or '+', ..]) rest = rest[1..];
        if (rest is "0") return true;
        if (rest.IsEmpty) return Fail("it is empty", out error);

        ulong total = 0;
        while (!rest.IsEmpty)
        {
            if (!TryTakeTerm(ref rest, out ulong term, out error)) return false;
            total += term;
            if (total > Limit) return Fail("it overflows 64 bits of nanoseconds", out error);
        }

        if (negative)
        {
            nanoseconds = unchecked(-(long)total);
            return true;
        }

        if (total > Limit - 1) return Fail("it overflows 64 bits of nanoseconds", out error);
        nanoseconds = (long)total;
        return true;
    }

    /// <summary>Writes a duration the way a person would write it in the configuration: <c>1h15m30.5s</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero) return "0s";
        if (value < TimeSpan.Zero) return "-" + Format(-value);
        string text = "";
        if (value.Days * 24 + value.Hours is > 0 and int hours) text += $"{hours}h";
        if (value.Minutes > 0) text += $"{value.Minutes}m";
        TimeSpan rest = new(value.Ticks % TimeSpan.TicksPerMinute);
        if (rest == TimeSpan.Zero) return text;
        return rest < TimeSpan.FromSeconds(1) && text.Length == 0
            ? rest.TotalMilliseconds.ToString("0.####", CultureInfo.InvariantCulture) + "ms"
            : text + rest.TotalSeconds.ToString("0.#######", CultureInfo.InvariantCulture) + "s";
    }

    private static bool TryTakeTerm(ref ReadOnlySpan<char> rest, out ulong value, out string error)
    {
        value = 0;
        int digits = CountDigits(rest);
        for (int i = 0; i < digits; i++)
        {
            // The whole part may reach 2⁶³ and no more, leading zeros aside.
            if (value > Limit / 10) return Fail("it overflows 64 bits of nanoseconds", out error);
            value = value * 10 + (uint)(rest[i] - '0');
            if (value > Limit) return Fail("it overflows 64 bits of nanoseconds", out error);
        }

        rest = rest[digits..];
        ulong fraction = 0;
        double scale = 1;
        int fractionDigits = 0;
        if (rest is ['.', ..])
        {
            rest = rest[1..];
            fractionDigits = CountDigits(rest);
            TakeFraction(rest[..fractionDigits], out fraction, out scale);
            rest = rest[fractionDigits..];
        }

        if (digits == 0 && fractionDigits == 0) return Fail($"a number is expected at '{rest}'", out error);

        int letters = rest.IndexOfAnyInRange('0', '9') is int digit and >= 0 ? digit : rest.Length;
        if (rest.IndexOf('.') is int dot and >= 0 && dot < letters) letters = dot;
        if (letters == 0) return Fail("a number has no unit", out error);
        ulong unit = Unit(rest[..letters]);
        if (unit == 0) return Fail($"'{rest[..letters]}' is not a unit", out error);
        rest = rest[letters..];

        if (value > Limit / unit) return Fail("it overflows 64 bits of nanoseconds", out error);
        value *= unit;
        if (fraction > 0) value += (ulong)(fraction * (unit / scale));
        error = "";
        return value <= Limit || Fail("it overflows 64 bits of nanoseconds", out error);
    }

    // Digits past what 63 bits hold add nothing and are dropped, as in Go.
    private static void TakeFraction(ReadOnlySpan<char> digits, out ulong fraction, out double scale)
    {
        fraction = 0;
        scale = 1;
        foreach (char c in digits)
        {
            if (fraction > (Limit - 1) / 10) return;
            ulong next = fraction * 10 + (uint)(c - '0');
            if (next > Limit) return;
            fraction = next;
            scale *= 10;
        }
    }

    private static int CountDigits(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExceptInRange('0', '9') is int end and >= 0 ? end : text.Length;

    private static ulong Unit(ReadOnlySpan<char> name) => name switch
    {
        "ns" => 1,
        "us" or "\u00B5s" or "\u03BCs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => 0,
    };

    private static bool Fail(string reason, out string error)
    {
        error = reason;
        return false;
    }
}
