using AksAuditd.Events.Delivery;

namespace AksAuditd.Tests.Events.Delivery;

public sealed class SinkAddressTests
{
    [Theory]
    [InlineData("stdout", "stdout", 16383)]
    [InlineData("stdout?max=1MiB", "stdout", 1048576)]
    [InlineData("file:/var/log/aks-auditd/events.json", "file /var/log/aks-auditd/events.json", 262144)]
    [InlineData("file:/x?size=1GiB&count=1&max=8192", "file /x", 8192)]
    [InlineData("syslog:/dev/log", "syslog /dev/log", null)]
    [InlineData("syslog:unix:///run/s.sock?framing=octets", "syslog unix /run/s.sock", null)]
    [InlineData("syslog:tcp://127.0.0.1:28330", "syslog tcp 127.0.0.1:28330", null)]
    [InlineData("container-insights", "syslog tcp 127.0.0.1:28330", null)]
    [InlineData("container-insights?app=audispd&facility=local6", "syslog tcp 127.0.0.1:28330", null)]
    [InlineData("syslog:tcp://localhost:514?format=rfc3164&facility=auth&severity=notice&app=x", "syslog tcp 127.0.0.1:514", null)]
    [InlineData("syslog:tcp://[::1]:514", "syslog tcp [::1]:514", null)]
    public void TryParse_Good_GivesThatSink(string text, string name, int? maximumLine)
    {
        Assert.True(SinkAddress.TryParse(text, out SinkAddress? address, out string? error), error);
        using ISink sink = address.Open(TimeProvider.System);
        Assert.Equal(name, sink.Name);
        if (maximumLine is { } most) Assert.Equal(most, sink.MaximumLine);
        else Assert.InRange(sink.MaximumLine, 7700, 7980);
    }

    [Theory]
    [InlineData("", "\"\" is no sink (known: container-insights, stdout, file:/PATH, syslog:/dev/log, syslog:unix:///PATH, syslog:tcp://ADDRESS:PORT)")]
    [InlineData("syslog", "\"syslog\" is no sink (known: container-insights, stdout, file:/PATH, syslog:/dev/log, syslog:unix:///PATH, syslog:tcp://ADDRESS:PORT)")]
    [InlineData("file:events.json", "\"events.json\" is not the absolute path of a file")]
    [InlineData("file:/var/log/", "\"/var/log/\" is not the absolute path of a file")]
    [InlineData("syslog:tcp://rsyslog.example:514", "\"rsyslog.example\" is not an IP address (IPv6 in brackets) or localhost; names are not looked up")]
    [InlineData("syslog:tcp://::1:514", "\"::1\" is not an IP address (IPv6 in brackets) or localhost; names are not looked up")]
    [InlineData("syslog:tcp://127.0.0.1", "\"127.0.0.1\" has no port, 1 to 65535")]
    [InlineData("syslog:tcp://127.0.0.1:0", "\"127.0.0.1:0\" has no port, 1 to 65535")]
    [InlineData("syslog:tcp://127.0.0.1:70000", "\"127.0.0.1:70000\" has no port, 1 to 65535")]
    [InlineData("stdout?size=1MiB", "stdout has no option \"size\" (known: max)")]
    [InlineData("stdout?max=10", "max: \"10\" is not 480 to 1MiB")]
    [InlineData("file:/x?size=1", "size: \"1\" is not a size of 64KiB or more, as in 64MiB")]
    [InlineData("file:/x?size=99999999999999999999", "size: \"99999999999999999999\" is not a size of 64KiB or more, as in 64MiB")]
    [InlineData("file:/x?count=0", "count: \"0\" is not 1 to 1000")]
    [InlineData("file:/x?", "file has no option \"\" (known: size count max)")]
    [InlineData("syslog:/dev/log?framing=newline", "syslog has no option \"framing\" (known: format facility severity app max)")]
    [InlineData("syslog:tcp://127.0.0.1:1?format=json", "format: \"json\" is not rfc5424, rfc3164 or local")]
    [InlineData("syslog:tcp://127.0.0.1:1?framing=none", "framing: \"none\" is not newline or octets")]
    [InlineData("syslog:tcp://127.0.0.1:1?severity=loud", "severity: \"loud\" is not one of emerg alert crit err warning notice info debug")]
    [InlineData("syslog:tcp://127.0.0.1:1?app=a b", "app: \"a b\" is not 1 to 48 printable ASCII characters")]
    public void TryParse_Bad_SaysWhatIsWrong(string text, string expected)
    {
        Assert.False(SinkAddress.TryParse(text, out SinkAddress? address, out string? error));
        Assert.Null(address);
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("container-insights", true)]
    [InlineData("container-insights?max=4000", true)]
    [InlineData("syslog:/dev/log", true)]
    [InlineData("container-insightsx", false)]
    [InlineData("file:/syslog", false)]
    [InlineData("stdout", false)]
    public void IsSyslog_Address_TellsWhoseMessagesSayTheNode(string text, bool expected) => Assert.Equal(expected, SinkAddress.IsSyslog(text));

    [Fact]
    public void TryParse_PathLongerThanASocketsName_IsRefused()
    {
        Assert.True(SinkAddress.TryParse($"syslog:/{new string('x', 106)}", out _, out _));
        Assert.False(SinkAddress.TryParse($"syslog:/{new string('x', 107)}", out _, out string? error));
        Assert.EndsWith("is longer than 107 bytes", error, StringComparison.Ordinal);
    }
}
