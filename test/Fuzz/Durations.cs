using System.Globalization;
using System.Numerics;
using AksAuditd.Configuration;

namespace Fuzz;

/// <summary>Go durations and quantities against exact arithmetic.</summary>
internal static class Durations
{
    private static readonly (string Name, long Nanoseconds)[] Units = [("ns", 1), ("us", 1000), ("µs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000)];
    private static readonly string[] Pieces = ["-", "+", ".", "0", "9", "1", "h", "ns", "x", " ", "9223372036854775807", "9223372036854775808", "00000000000000000000"];

    public static void Case(Random random)
    {
        BigInteger sum = 0;
        double slack = 0;
        string text = random.Next(4) == 0 ? "-" : "";
        bool negative = text.Length > 0;
        for (int n = random.Next(1, 5); n > 0; n--)
        {
            (string name, long unit) = Units[random.Next(Units.Length)];
            long number = random.Next(3) switch { 0 => random.Next(100), 1 => random.NextInt64(-1, long.MaxValue / unit) + 1, _ => random.NextInt64(1 + (long.MaxValue / unit / 4)) };
            string fraction = random.Next(3) > 0 ? "" : random.NextInt64(1_000_000_000).ToString(CultureInfo.InvariantCulture);
            text += number.ToString(CultureInfo.InvariantCulture) + (fraction.Length > 0 ? "." + fraction : "") + name;
            sum += (BigInteger)number * unit;
            // Go computes fractions with floating point, and cuts off: one nanosecond either way.
            if (fraction.Length == 0) continue;
            sum += BigInteger.Parse(fraction, CultureInfo.InvariantCulture) * unit / BigInteger.Pow(10, fraction.Length);
            slack += 1;
        }

        BigInteger limit = negative ? BigInteger.One << 63 : long.MaxValue;
        bool valid = GoDuration.TryParse(text, out long value, out string error);
        // Right at the limit both are good.
        bool near = BigInteger.Abs(sum - limit) <= (BigInteger)slack;
        FindingException.Unless(near || valid == sum <= limit, () => $"'{text}' is {sum} ns: {(valid ? $"taken as {value}" : error)}");
        if (valid) FindingException.Unless(BigInteger.Abs((negative ? -(BigInteger)value : value) - sum) <= (BigInteger)slack, () => $"'{text}' is {sum} ns, not {value}");
        FindingException.Unless(valid == (error.Length == 0), () => $"'{text}': {valid} with '{error}'");

        string wild = System.Text.Encoding.UTF8.GetString(Mutator.Text(random, [text, "1h15m30.5s", "0"], Pieces));
        _ = GoDuration.TryParse(wild, out _, out _);
        _ = Quantity.TryParse(wild, out _);

        // As many digits as it writes: 100 ns each.
        TimeSpan span = TimeSpan.FromTicks(random.NextInt64(-10_000_000_000_000, 10_000_000_000_000));
        string written = GoDuration.Format(span);
        FindingException.Unless(GoDuration.TryParse(written, out long again, out _) && Math.Abs(again / 100 - span.Ticks) <= 1, () => $"{span} is written as '{written}' and read as {again} ns");
    }
}
