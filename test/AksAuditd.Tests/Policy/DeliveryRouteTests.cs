using System.Text;
using AksAuditd.Configuration;
using AksAuditd.Policy;

namespace AksAuditd.Tests.Policy;

public sealed class DeliveryRouteTests
{
    private const string Syslog = "active = yes\npath = /sbin/audisp-syslog\n", Off = "active = no\npath = /sbin/audisp-syslog\n";
    private const string Ours = "active = yes\npath = /usr/local/lib/aks-auditd/aks-auditd\nargs = plugin\n";

    [Theory]
    [InlineData(Syslog, null, true, false, 1)]
    [InlineData(Off, null, false, false, 0)]
    [InlineData(Ours, null, true, true, 0)]
    [InlineData(Ours, "to: syslog:/dev/log?facility=local6", true, true, 0)]
    [InlineData(Ours, "to: syslog:tcp://127.0.0.1:28330?format=rfc3164", false, true, 0)]
    [InlineData(Ours, "to: file:/var/log/events.json", false, true, 0)]
    public void Of_PluginAndSink_SaysWhatTheEventsPass(string plugin, string? events, bool syslog, bool ours, int plugins)
    {
        DeliveryRoute route = DeliveryRoute.Of(Policy(plugin, events), new Settings { Forwarder = new("127.0.0.1", 28330) });
        Assert.Equal((syslog, ours, plugins), (route.UsesSyslog, route.UsesOurs, route.Plugins.Count));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("to: syslog:/dev/log", true)]
    public void Of_Embedded_IsOursAndStandardOutputByDefault(string? events, bool syslog)
    {
        DeliveryRoute route = DeliveryRoute.Of(Policy(null, events), new Settings { Mode = AuditMode.Embedded });
        Assert.Equal((syslog, true), (route.UsesSyslog, route.UsesOurs));
    }

    private static DesiredPolicy Policy(string? plugin, string? events)
    {
        List<SourceVersion> sources = [];
        if (plugin is not null) sources.Add(Source(FileSet.Plugins, "a.conf", plugin));
        if (events is not null) sources.Add(Source(FileSet.Events, "events.yaml", events));
        return new(sources, "", []);
    }

    private static SourceVersion Source(string set, string name, string content) =>
        new(new(set, "/source", "/target", "", 0), [new(name, Encoding.UTF8.GetBytes(content), "")], [], []);
}
