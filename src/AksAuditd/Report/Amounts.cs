using System.Globalization;

namespace AksAuditd.Report;

/// <summary>Numbers as people read them. Bytes are decimal: a gigabyte has 10^9, as bills have it.</summary>
internal static class Amounts
{
    private const double Kilo = 1e3, Mega = 1e6, Giga = 1e9, Tera = 1e12;
    private const long Minute = 60, Hour = 3600, Day = 86_400;

    /// <summary><c>48,211</c>.</summary>
    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary><c>1 event</c>, <c>48,211 events</c>.</summary>
    public static string Count(long number, string what) => $"{Count(number)} {what}{(number == 1 ? "" : "s")}";

    /// <summary><c>812 B</c>, <c>1.94 GB</c>: three digits.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < Kilo => $"{Digits(Math.Round(bytes))} B",
        < Mega => $"{Digits(bytes / Kilo)} kB",
        < Giga => $"{Digits(bytes / Mega)} MB",
        < Tera => $"{Digits(bytes / Giga)} GB",
        _ => $"{Digits(bytes / Tera)} TB",
    };

    /// <summary>A sum of money: <c>1,200</c>, <c>12.30</c>, <c>0.004</c>, <c>&lt; 0.001</c>.</summary>
    public static string Money(double sum) => sum switch
    {
        0 => "0",
        < 0.001 => "< 0.001",
        < 0.1 => sum.ToString("0.000", CultureInfo.InvariantCulture),
        < 1000 => sum.ToString("0.00", CultureInfo.InvariantCulture),
        _ => sum.ToString("#,0", CultureInfo.InvariantCulture),
    };

    /// <summary><c>42 s</c>, <c>6 h 12 min</c>, <c>3 d 4 h</c>: the two greatest units.</summary>
    public static string Duration(double seconds)
    {
        long s = (long)Math.Round(seconds);
        return seconds < 10 ? $"{seconds.ToString("0.#", CultureInfo.InvariantCulture)} s"
            : s < Minute ? $"{s} s"
            : s < Hour ? Two(s / Minute, "min", s % Minute, "s")
            : s < Day ? Two(s / Hour, "h", s % Hour / Minute, "min")
            : Two(s / Day, "d", s % Day / Hour, "h");
    }

    /// <summary><c>12 %</c>, <c>0.4 %</c>, <c>&lt; 0.1 %</c>.</summary>
    public static string Share(long part, long whole)
    {
        double percent = whole == 0 ? 0 : 100.0 * part / whole;
        return percent switch
        {
            0 => "0 %",
            < 0.1 => "< 0.1 %",
            < 10 => $"{percent.ToString("0.#", CultureInfo.InvariantCulture)} %",
            _ => $"{percent.ToString("0", CultureInfo.InvariantCulture)} %",
        };
    }

    /// <summary>A time as UTC: <c>2026-11-22 06:55:41</c>.</summary>
    /// <param name="milliseconds">Since 1970; out of <see cref="DateTimeOffset"/>'s range it is as written.</param>
    public static string Time(long milliseconds) => Format(milliseconds, "yyyy-MM-dd HH:mm:ss");

    /// <summary>The same in another form.</summary>
    public static string Format(long milliseconds, string form) => milliseconds / 1000 is var seconds && seconds is >= 0 and <= 253_402_300_799
        ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString(form, CultureInfo.InvariantCulture)
        : seconds.ToString(CultureInfo.InvariantCulture);

    private static string Two(long first, string unit, long second, string smaller) => second == 0 ? $"{first} {unit}" : $"{first} {unit} {second} {smaller}";

    private static string Digits(double number) => number.ToString(number switch { < 10 => "0.##", < 100 => "0.#", _ => "0" }, CultureInfo.InvariantCulture);
}
