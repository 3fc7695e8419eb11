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
}
