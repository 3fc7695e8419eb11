using System.Text;
using AksAuditd.Check;
using AksAuditd.Configuration;
using AksAuditd.Events;
using LinuxAudit.Rules;

namespace Fuzz;

/// <summary>events.yaml, config.yaml, and Kubernetes YAML with ConfigMaps: nothing is thrown, and places lie inside the text.</summary>
internal static class YamlFiles
{
    private static readonly string[] Pieces =
    [
        " ", "\n", "  ", ": ", "- ", "{", "}", "[", "]", ",", "\"", "'", "|", ">", "|-\n", ">+2\n", "&a ", "*a", "!!str ", "!<x> ", "? ", "---\n", "...\n", "\t", "#", "%YAML 1.2\n", "\\", "\0", "\r\n", "~", "null", "{{ .x }}",
        "é", "\u2028", "\U0001F512", "\uFEFF", "-1", "0x10", "1e9", "99999999999999999999", "8Mi", "2Gi", "true", "data:\n", "items:\n", "<<: *a\n", "[[[[[[[[[[", "{a: {a: {a: ",
    ];

    private static readonly string[] EventsTexts =
    [
        "to: syslog:/dev/log?facility=local6&severity=info\nnodeName: n\nmaxBytes: 8000\nraw: false\nruntimeNoise: drop\n",
        "filters:\n  - keep: { namespace: payments, success: false }\n  - sample: { exe: '/usr/bin/*', namespace: ci, oneIn: 10 }\n  - drop: { host: true, exe: /usr/bin/systemctl }\n",
        "budgets: { perKey: 5, perPod: 0 }\nqueue: 8Mi\nspool: { directory: /var/lib/aks-auditd/spool, size: 256Mi }\n", "to: file:/var/log/x?size=64MiB&count=5\n", "to: syslog:tcp://127.0.0.1:28330?format=rfc5424&framing=octets\n",
    ];

    private static readonly string[] ConfigTexts =
    [
        "logLevel: info\npollInterval: 1h15m30.5s\nwatch: true\nrulesDirectory: /etc/audit/rules.d\nlisten: 0.0.0.0:9807\n",
        "mode: embedded\nsync: overlay\ndrift: report\nallowedPlugins: /sbin/audisp-syslog,/usr/local/lib/aks-auditd/\npluginsSource: none\nlisten: '[::]:1'\n",
    ];

    private static readonly string[] Manifests =
    [
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: r }\ndata:\n  10-a.rules: |\n    -D\n    -a always,exit -F arch=b64 -S execve -k x\n  20-b.rules: \"-w /etc/passwd -p wa\\n-b 64\"\n",
        "kind: List\nitems:\n- kind: ConfigMap\n  data: {a.rules: -D, syslog.conf: 'active = yes'}\n- kind: ConfigMap\n  binaryData:\n    a.rules: LUQK\n", "kind: ConfigMap\ndata:\n  a.rules: >-\n    -a always,exit\n    -S execve\n  aks-auditd.conf: |\n    active = yes\n  events.yaml: |\n    to: stdout\n",
        "kind: ConfigMap\ndata: &a\n  x.rules: |2\n      -w /x\n---\nkind: ConfigMap\ndata: *a\n",
    ];

    private static readonly string ConfigFile = Path.Join(Path.GetTempPath(), $"fuzz-{Environment.ProcessId}.yaml");

    public static void Events(Random random)
    {
        string text = Encoding.UTF8.GetString(Mutator.Text(random, EventsTexts, Pieces));
        EventsSettingsReader.Read("events.yaml", text, new(), out IReadOnlyList<SettingsMistake> mistakes);
        // The YAML reader counts line ends of its own.
        int lines = text.Count(c => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029') + 2;
        foreach (SettingsMistake mistake in mistakes)
        {
            FindingException.Unless(mistake.Line >= 0 && mistake.Line <= lines && mistake.Column >= 0, () => $"{mistake} is nowhere in:\n{text}");
            FindingException.Unless(!mistake.ToString().Contains('\n', StringComparison.Ordinal), () => $"more than one line is said of:\n{text}");
        }
    }

    public static void Config(Random random)
    {
        File.WriteAllBytes(ConfigFile, Mutator.Text(random, ConfigTexts, Pieces));
        SettingsReader.Read(new Dictionary<string, string> { ["AA_CONFIG"] = ConfigFile }, out IReadOnlyList<string> errors);
        foreach (string error in errors)
            FindingException.Unless(!error.Contains('\n', StringComparison.Ordinal), () => $"more than one line is said: {error}");
        if (random.Next(1000) == 0) File.Delete(ConfigFile);
    }

    public static void ConfigMap(Random random)
    {
        byte[] bytes = Mutator.Text(random, Manifests, Pieces);
        InputSet set = new();
        TextFile file = new("cm.yaml", bytes);
        set.Files.Add(file);
        ConfigMapReader.Read(file, set);
        CheckResult result = PolicyChecker.Check(set, new CheckOptions { Machines = [Machine.X86_64, Machine.Aarch64] });
        new TextReport(TextWriter.Null, colour: true).Write(result);
        int lines = bytes.Count(b => b is (byte)'\n' or (byte)'\r') + 2;
        foreach (Finding finding in result.Findings)
            FindingException.Unless(finding.Diagnostic.Location is { Line: >= 0, Length: >= 0 } place && place.Line <= lines && place.Column <= bytes.Length + 2, () => $"{finding.Diagnostic} is nowhere in:\n{Encoding.UTF8.GetString(bytes)}");
    }
}
