using AksAuditd.Configuration;
using AksAuditd.Tests.Support;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Tests.Configuration;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>Key, variable, a text for the file, one for the environment; then the values expected by default, from file, from environment.</summary>
    private static readonly (string Key, string Variable, string File, string Environment, object? Default, object? FromFile, object? FromEnvironment,
        Func<Settings, object?> Get)[] Table =
    [
        ("logLevel", "AA_LOG_LEVEL", "warn", "trace", LogLevel.Information, LogLevel.Warning, LogLevel.Trace, s => s.LogLevel),
        ("pollInterval", "AA_POLL_INTERVAL", "20m", "1h15m30.5s", TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(20),
            TimeSpan.FromSeconds(4530.5), s => s.PollInterval),
        ("watch", "AA_WATCH", "false", "true", true, false, true, s => s.Watch),
        ("rulesDirectory", "AA_RULES_DIR", "/f", "/e", "/etc/audit/rules.d", "/f", "/e", s => s.RulesDirectory),
        ("pluginsDirectory", "AA_PLUGINS_DIR", "/f", "/e", "/etc/audit/plugins.d", "/f", "/e", s => s.PluginsDirectory),
        ("auditdConf", "AA_AUDITD_CONF", "/f/auditd.conf", "/e/auditd.conf", "/etc/audit/auditd.conf", "/f/auditd.conf", "/e/auditd.conf", s => s.AuditdConf),
        ("rulesSource", "AA_RULES_SOURCE", "/f", "/e", "/auditd-rules", "/f", "/e", s => s.RulesSource),
        ("pluginsSource", "AA_PLUGINS_SOURCE", "none", "/e", "/audisp-plugins", null, "/e", s => s.PluginsSource),
        ("omsSource", "AA_OMS_SOURCE", "/f", "/e", "/oms-config", "/f", "/e", s => s.OmsSource),
        ("omsDirectory", "AA_OMS_DIR", "/f", "/e", "/etc/opt/microsoft/omsagent/{workspaceId}/conf/omsagent.d", "/f", "/e", s => s.OmsDirectory),
        ("logAnalyticsWorkspaceId", "LOG_ANALYTICS_WORKSPACE_ID", "f-1", "e-2", null, "f-1", "e-2", s => s.LogAnalyticsWorkspaceId),
        ("hostRoot", "AA_HOST_ROOT", "/f", "/", "/node", "/f", "/", s => s.HostRoot),
        ("stateDirectory", "AA_STATE_DIR", "/f", "/e", "/var/lib/aks-auditd", "/f", "/e", s => s.StateDirectory),
        ("mode", "AA_MODE", "embedded", "auditd", AuditMode.Auditd, AuditMode.Embedded, AuditMode.Auditd, s => s.Mode),
        ("sync", "AA_SYNC", "overlay", "mirror", SyncMode.Mirror, SyncMode.Overlay, SyncMode.Mirror, s => s.Sync),
        ("drift", "AA_DRIFT", "report", "repair", DriftMode.Repair, DriftMode.Report, DriftMode.Repair, s => s.Drift),
        ("delivery", "AA_DELIVERY", "require", "report", DeliveryMode.Report, DeliveryMode.Require, DeliveryMode.Report, s => s.Delivery),
        ("forwarder", "AA_FORWARDER", "none", "[::1]:514", new ListenAddress("127.0.0.1", 28330), null, new ListenAddress("::1", 514), s => s.Forwarder),
        ("allowedPlugins", "AA_ALLOWED_PLUGINS", "any", "/a/b, /c/",
            "/sbin/audisp-syslog, /usr/sbin/audisp-syslog, /sbin/audisp-remote, /usr/sbin/audisp-remote, /sbin/audisp-af_unix, /usr/sbin/audisp-af_unix, "
            + "/usr/local/lib/aks-auditd/", "any", "/a/b, /c/", s => s.AllowedPlugins.ToString()),
        ("listen", "AA_LISTEN", "127.0.0.1:1", "[::1]:65535", new ListenAddress("0.0.0.0", 9807), new ListenAddress("127.0.0.1", 1),
            new ListenAddress("::1", 65535), s => s.Listen),
    ];

    public static TheoryData<string> Keys => [.. SettingTable.Rows.Select(r => r.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Read_EveryKey_EnvironmentOverFileOverDefault(string key)
    {
        var row = Assert.Single(Table, t => t.Key == key);
        Assert.Equal(row.Variable, SettingTable.Rows.Single(r => r.Key == key).Environment);
        string file = _directory.Write("config.yaml", $"{key}: {row.File}\n");
        string none = _directory.Write("empty.yaml", "");

        Assert.Equal(row.Default, row.Get(Read(("AA_CONFIG", none))));
        Assert.Equal(row.FromFile, row.Get(Read(("AA_CONFIG", file))));
        Assert.Equal(row.FromEnvironment, row.Get(Read(("AA_CONFIG", none), (row.Variable, row.Environment))));
        Assert.Equal(row.FromEnvironment, row.Get(Read(("AA_CONFIG", file), (row.Variable, row.Environment))));
        Assert.Equal(row.FromFile, row.Get(Read(("AA_CONFIG", file), (row.Variable, ""))));
    }

    [Theory]
    [InlineData("panic", LogLevel.Critical)]
    [InlineData("fatal", LogLevel.Critical)]
    [InlineData("error", LogLevel.Error)]
    [InlineData("warn", LogLevel.Warning)]
    [InlineData("info", LogLevel.Information)]
    [InlineData("debug", LogLevel.Debug)]
    [InlineData("trace", LogLevel.Trace)]
    public void Read_LogLevel_HasSeven(string name, LogLevel expected) => Assert.Equal(expected, Read(("AA_LOG_LEVEL", name)).LogLevel);

    [Theory]
    [InlineData("AA_POLL_INTERVAL", "5", "environment variable AA_POLL_INTERVAL: pollInterval: '5' is not valid (a number has no unit); valid: a Go duration")]
    [InlineData("AA_POLL_INTERVAL", "-5s", "'-5s' is not valid; valid: a Go duration such as 30s, 20m, 1h15m30.5s (units ns us µs ms s m h) from 100ms to 24h")]
    [InlineData("AA_POLL_INTERVAL", "0", "from 100ms to 24h")]
    [InlineData("AA_POLL_INTERVAL", "25h", "from 100ms to 24h")]
    [InlineData("AA_LOG_LEVEL", "verbose", "logLevel: 'verbose' is not valid; valid: panic, fatal, error, warn, info, debug or trace")]
    [InlineData("AA_WATCH", "yes", "watch: 'yes' is not valid; valid: true or false")]
    [InlineData("AA_RULES_DIR", "rules.d", "rulesDirectory: 'rules.d' is not valid; valid: an absolute path without '..'")]
    [InlineData("AA_RULES_DIR", "/etc/../tmp", "an absolute path without '..'")]
    [InlineData("AA_MODE", "kernel", "mode: 'kernel' is not valid; valid: auditd, embedded or auto")]
    [InlineData("AA_SYNC", "Mirror", "sync: 'Mirror' is not valid; valid: mirror or overlay")]
    [InlineData("AA_ALLOWED_PLUGINS", "/bin/x,laurel", "allowedPlugins: '/bin/x,laurel' is not valid; valid: programs by absolute path")]
    [InlineData("AA_LISTEN", "localhost:9807", "listen: 'localhost:9807' is not valid")]
    [InlineData("AA_LISTEN", "0.0.0.0:65536", "a port from 1 to 65535")]
    [InlineData("AA_LISTEN", "::1:9807", "listen: '::1:9807' is not valid")]
    [InlineData("LOG_ANALYTICS_WORKSPACE_ID", "../x", "logAnalyticsWorkspaceId: '../x' is not valid")]
    [InlineData("AA_POL_INTERVAL", "5s", "environment variable AA_POL_INTERVAL: unknown key; did you mean AA_POLL_INTERVAL?")]
    [InlineData("AA_SOMETHING_ELSE", "5s", "environment variable AA_SOMETHING_ELSE: unknown key; valid: AA_LOG_LEVEL, ")]
    public void Read_BadVariable_NamesOriginValueAndWhatIsValid(string name, string value, string expected)
    {
        SettingsReader.Read(new Dictionary<string, string> { [name] = value, ["AA_CONFIG"] = _directory.Write("c.yaml", "") }, out IReadOnlyList<string> errors);
        string error = Assert.Single(errors);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    [Theory]
    [InlineData("pollInterval: 30s\nloglevel: info\n", ":2:1: unknown key 'loglevel'; did you mean logLevel?")]
    [InlineData("# one\nlogLevel: chatty\n", ":2:11: logLevel: 'chatty' is not valid; valid: panic")]
    [InlineData("listen:\n  port: 1\n", ":2:3: listen: a single value is expected")]
    [InlineData("- a\n- b\n", ":1:1: a mapping of keys to values is expected")]
    [InlineData("pollInterval: 30s\n  mode: [\n", ":2:7: not valid YAML: ")]
    [InlineData("a: 'b\n", ": not valid YAML: ")]
    [InlineData("mode: {a?b\nc\n", ": not valid YAML")]
    [InlineData("mode: auditd\nmode: embedded\n", ":2:1: not valid YAML: ")]
    public void Read_BadFile_NamesLineAndColumn(string content, string expected)
    {
        string file = _directory.Write("config.yaml", content);
        SettingsReader.Read(new Dictionary<string, string> { ["AA_CONFIG"] = file }, out IReadOnlyList<string> errors);
        string error = Assert.Single(errors);
        Assert.StartsWith(file, error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralErrors_AllAreSaid()
    {
        string file = _directory.Write("config.yaml", "logLevel: x\nsync: y\n");
        SettingsReader.Read(new Dictionary<string, string> { ["AA_CONFIG"] = file, ["AA_DRIFT"] = "z" }, out IReadOnlyList<string> errors);
        Assert.Equal(3, errors.Count);
    }

    [Fact]
    public void Read_NamedFileIsMissing_IsAnError()
    {
        SettingsReader.Read(new Dictionary<string, string> { ["AA_CONFIG"] = _directory["nothing"] }, out IReadOnlyList<string> errors);
        Assert.Contains(_directory["nothing"], Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WorkspaceId_IsPutIntoTheOmsDirectory()
    {
        Settings settings = Read(("LOG_ANALYTICS_WORKSPACE_ID", "abc-1"));
        Assert.Equal("/etc/opt/microsoft/omsagent/abc-1/conf/omsagent.d", settings.OmsDirectory);
    }

    private static Settings Read(params (string Name, string Value)[] environment)
    {
        Settings settings = SettingsReader.Read(environment.ToDictionary(e => e.Name, e => e.Value), out IReadOnlyList<string> errors);
        Assert.Empty(errors);
        return settings;
    }
}
