using System.Globalization;
using System.Text;
using AksAuditd.Events;

namespace AksAuditd.Tests.Events;

public sealed class LeadingDigitsTests
{
    private const string Behind = " auid=1000 uid=1000";

    [Theory]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("ffffff9c")]
    [InlineData("c000003e")]
    [InlineData("123456789")]
    [InlineData("7ffd3eb10450")]
    [InlineData("fedcba9876543210")]
    [InlineData("ffffffffffffffff")]
    [InlineData("0000000000000001")]
    public void TryTakeHex_Digits_AreTaken(string digits)
    {
        ReadOnlySpan<byte> text = Encoding.ASCII.GetBytes(digits + Behind);
        Assert.True(LeadingDigits.TryTakeHex(ref text, out ulong number));
        Assert.Equal(ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), number);
        Assert.Equal(Behind, Encoding.ASCII.GetString(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000000000001")]
    [InlineData("0123456789abcdef01234567")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    [InlineData("A")]
    [InlineData("-1")]
    [InlineData("\xFF")]
    public void TryTakeHex_SomethingElse_IsNotTaken(string digits)
    {
        ReadOnlySpan<byte> text = Encoding.Latin1.GetBytes(digits + Behind);
        Assert.False(LeadingDigits.TryTakeHex(ref text, out _));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10")]
    [InlineData("1234567")]
    [InlineData("12345678")]
    [InlineData("123456789")]
    [InlineData("4294967295")]
    [InlineData("9999999999")]
    [InlineData("0000000001")]
    public void TryTakeDecimal_Digits_AreTaken(string digits)
    {
        ReadOnlySpan<byte> text = Encoding.ASCII.GetBytes(digits + Behind);
        Assert.True(LeadingDigits.TryTakeDecimal(ref text, out ulong number));
        Assert.Equal(ulong.Parse(digits, CultureInfo.InvariantCulture), number);
        Assert.Equal(Behind, Encoding.ASCII.GetString(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("-1")]
    [InlineData("00000000001")]
    [InlineData("\xB1")]
    public void TryTakeDecimal_SomethingElse_IsNotTaken(string digits)
    {
        ReadOnlySpan<byte> text = Encoding.Latin1.GetBytes(digits + Behind);
        Assert.False(LeadingDigits.TryTakeDecimal(ref text, out _));
    }

    // Every byte there is behind one to fifteen digits.
    [Fact]
    public void TryTake_AnyByteBehind_EndsTheNumber()
    {
        for (int length = 1; length <= 15; length++)
            for (int b = 0; b < 256; b++)
            {
                byte[] line = [.. Encoding.ASCII.GetBytes(new string('1', length)), (byte)b, .. "xxxxxxxxxxxxxxxxx"u8];
                ReadOnlySpan<byte> hex = line, number = line;
                bool isHex = LeadingDigits.TryTakeHex(ref hex, out ulong value);
                bool isHexDigit = b is >= '0' and <= '9' or >= 'a' and <= 'f';
                int taken = length + (isHexDigit ? 1 : 0);
                Assert.True(isHex);
                Assert.Equal(line.Length - taken, hex.Length);
                Assert.Equal(ulong.Parse(Encoding.ASCII.GetString(line.AsSpan(0, taken)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), value);
                bool isDecimal = LeadingDigits.TryTakeDecimal(ref number, out value);
                taken = length + (b is >= '0' and <= '9' ? 1 : 0);
                Assert.Equal(taken <= LeadingDigits.LongestDecimal, isDecimal);
                if (!isDecimal) continue;
                Assert.Equal(line.Length - taken, number.Length);
                Assert.Equal(ulong.Parse(Encoding.ASCII.GetString(line.AsSpan(0, taken)), CultureInfo.InvariantCulture), value);
            }
    }

    [Fact]
    public void TryTake_NearTheEnd_IsLeftToOthers()
    {
        ReadOnlySpan<byte> hex = "12 a1=0"u8, number = "12 ppid"u8;
        Assert.False(LeadingDigits.TryTakeHex(ref hex, out _));
        Assert.False(LeadingDigits.TryTakeDecimal(ref number, out _));
    }
}
