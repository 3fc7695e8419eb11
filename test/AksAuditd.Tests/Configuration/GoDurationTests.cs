using AksAuditd.Configuration;

namespace AksAuditd.Tests.Configuration;

/// <summary>Expected values as Go 1.22's time.ParseDuration gives them.</summary>
public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("+0", 0)]
    [InlineData("5s", 5_000_000_000)]
    [InlineData("30s", 30_000_000_000)]
    [InlineData("1478s", 1_478_000_000_000)]
    [InlineData("-5s", -5_000_000_000)]
    [InlineData("+5s", 5_000_000_000)]
    [InlineData("5.0s", 5_000_000_000)]
    [InlineData("5.6s", 5_600_000_000)]
    [InlineData("5.s", 5_000_000_000)]
    [InlineData(".5s", 500_000_000)]
    [InlineData("1.004s", 1_004_000_000)]
    [InlineData("1.0040s", 1_004_000_000)]
    [InlineData("100.00100s", 100_001_000_000)]
    [InlineData("10ns", 10)]
    [InlineData("11us", 11_000)]
    [InlineData("12µs", 12_000)]
    [InlineData("12\u03bcs", 12_000)]
    [InlineData("13ms", 13_000_000)]
    [InlineData("15m", 900_000_000_000)]
    [InlineData("16h", 57_600_000_000_000)]
    [InlineData("3h30m", 12_600_000_000_000)]
    [InlineData("10.5s4m", 250_500_000_000)]
    [InlineData("-2m3.4s", -123_400_000_000)]
    [InlineData("1h2m3s4ms5us6ns", 3_723_004_005_006)]
    [InlineData("39h9m14.425s", 140_954_425_000_000)]
    [InlineData("1h15m30.5s", 4_530_500_000_000)]
    [InlineData("52763797000ns", 52_763_797_000)]
    [InlineData("0.3333333333333333333h", 1_200_000_000_000)]
    [InlineData("9007199254740993ns", 9_007_199_254_740_993)]
    [InlineData("9223372036854775807ns", long.MaxValue)]
    [InlineData("9223372036854775.807us", long.MaxValue)]
    [InlineData("9223372036s854ms775us807ns", long.MaxValue)]
    [InlineData("-9223372036854775808ns", long.MinValue)]
    [InlineData("-9223372036854775.808us", long.MinValue)]
    [InlineData("0.100000000000000000000h", 360_000_000_000)]
    [InlineData("0.830103483285477580700h", 2_988_372_539_827)]
    public void TryParse_Valid_GivesNanoseconds(string text, long expected)
    {
        Assert.True(GoDuration.TryParse(text, out long nanoseconds, out string error), error);
        Assert.Equal(expected, nanoseconds);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("3", "no unit")]
    [InlineData("-", "empty")]
    [InlineData("s", "a number is expected")]
    [InlineData(".", "a number is expected")]
    [InlineData("-.", "a number is expected")]
    [InlineData(".s", "a number is expected")]
    [InlineData("+.s", "a number is expected")]
    [InlineData("1d", "'d' is not a unit")]
    [InlineData("30 s", "' s' is not a unit")]
    [InlineData(" 30s", "a number is expected")]
    [InlineData("30S", "'S' is not a unit")]
    [InlineData("1h-5m", "'h-' is not a unit")]
    [InlineData("3000000h", "overflows")]
    [InlineData("9223372036854775808ns", "overflows")]
    [InlineData("9223372036854775.808us", "overflows")]
    [InlineData("9223372036854ms775us808ns", "overflows")]
    [InlineData("-9223372036854775809ns", "overflows")]
    [InlineData("99999999999999999999s", "overflows")]
    public void TryParse_Invalid_SaysWhy(string text, string reason)
    {
        Assert.False(GoDuration.TryParse(text, out _, out string error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("30s")]
    [InlineData("1h15m30.5s")]
    [InlineData("100ms")]
    [InlineData("24h")]
    [InlineData("0s")]
    public void Format_Parsed_IsTheSameText(string text)
    {
        Assert.True(GoDuration.TryParse(text, out long nanoseconds, out _));
        Assert.Equal(text, GoDuration.Format(new TimeSpan(nanoseconds / 100)));
    }
}
