using System.Globalization;
using System.Text;
using AksAuditd.Events.Json;

namespace AksAuditd.Tests.Events.Json;

public class JsonBufferTests
{
    [Fact]
    public void Number_AroundEveryPowerOfTen_IsDecimal()
    {
        JsonBuffer json = new();
        for (ulong power = 1; power <= uint.MaxValue; power *= 10)
            foreach (ulong value in (ulong[])[power - 1, power, power + 1, power * 2 + 34, power * 4])
            {
                if (value > uint.MaxValue) continue;
                json.Clear();
                json.Number((uint)value);
                Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(json.Written));
            }

        json.Clear();
        json.Number(uint.MaxValue);
        Assert.Equal("4294967295", Encoding.ASCII.GetString(json.Written));
    }

    [Fact]
    public void Hex_OfEveryLength_IsLowerCase()
    {
        JsonBuffer json = new();
        foreach (ulong pattern in (ulong[])[0, 1, 9, 0xa, 0xf, 0x0123456789abcdef, 0xfedcba9876543210, 0x90a0f0c0ffee0009, ulong.MaxValue])
            for (int shift = 0; shift < 64; shift++)
            {
                json.Clear();
                json.Hex(pattern >> shift);
                Assert.Equal((pattern >> shift).ToString("x", CultureInfo.InvariantCulture), Encoding.ASCII.GetString(json.Written));
            }
    }
}
