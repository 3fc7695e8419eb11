using System.Collections.Immutable;
using System.Text;
using LinuxAudit.Plugins;
using LinuxAudit.Rules;

namespace Fuzz;

/// <summary>Plugin files and auditd.conf: nothing is thrown, places lie inside the text, and the same text gives the same diagnostics with a comment before it.</summary>
internal static class ConfFiles
{
    private static readonly string[] Plugins =
    [
        "active = yes\ndirection = out\npath = /sbin/audisp-syslog\ntype = always\nargs = LOG_INFO LOG_LOCAL6\nformat = string\n",
        "# comment\n\nactive=no\ndirection = in\npath = /usr/local/lib/aks-auditd/aks-auditd\nargs = plugin --config=/etc/x.yaml\nformat = binary\n",
    ];

    private static readonly string[] Daemons =
    [
        "log_file = /var/log/audit/audit.log\nlog_group = root\nlog_format = ENRICHED\nflush = INCREMENTAL_ASYNC\nfreq = 50\nmax_log_file = 8\nnum_logs = 5\nmax_log_file_action = ROTATE\n",
        "space_left = 75\nspace_left_action = SYSLOG\nadmin_space_left = 50\nadmin_space_left_action = SUSPEND\ndisk_full_action = exec /sbin/halt\nq_depth = 2000\nplugin_dir = /etc/audit/plugins.d\n",
        "local_events = yes\nname_format = user\nname = node\ntcp_listen_port = 60\ntcp_client_ports = 1024-65535\nspace_left = 10%\noverflow_action = SYSLOG\nwrite_logs = yes\npriority_boost = 4\n",
    ];

    private static readonly string[] Pieces =
        [" ", "=", "\n", "\r\n", "\0", "\t", "#", "\"", "yes", "NO", "0", "-1", "4294967296", "99999999999999999999", "10%", "/", "..", "é", "active = yes\n", "args = a b c\n", "exec /bin/sh\n", "freq = 1\n"];

    public static void Plugin(Random random)
    {
        byte[] bytes = Mutator.Text(random, Plugins, Pieces);
        PluginParser.Parse("fuzz.conf", bytes, out ImmutableArray<Diagnostic> diagnostics);
        Check(bytes, diagnostics);
        PluginParser.Parse("fuzz.conf", WithComment(bytes), out ImmutableArray<Diagnostic> later);
        CheckMoved(bytes, diagnostics, later);
    }

    public static void Auditd(Random random)
    {
        byte[] bytes = Mutator.Text(random, Daemons, Pieces);
        AuditdConfParser.Parse("auditd.conf", bytes, out ImmutableArray<Diagnostic> diagnostics);
        Check(bytes, diagnostics);
        AuditdConfParser.Parse("auditd.conf", WithComment(bytes), out ImmutableArray<Diagnostic> later);
        CheckMoved(bytes, diagnostics, later);
    }

    private static byte[] WithComment(byte[] bytes) => [.. "# one line more\n"u8, .. bytes];

    private static void Check(byte[] bytes, ImmutableArray<Diagnostic> diagnostics)
    {
        int lines = bytes.Count(b => b == '\n') + 1;
        foreach (Diagnostic d in diagnostics)
            FindingException.Unless(d.Location.Line >= 0 && d.Location.Line <= lines && d.Location.Column <= bytes.Length + 2 && d.Location.Length >= 0, () => $"{d} is nowhere in {Convert.ToHexString(bytes)}");
    }

    private static void CheckMoved(byte[] bytes, ImmutableArray<Diagnostic> before, ImmutableArray<Diagnostic> after) =>
        FindingException.Unless(before.Select(d => d.Code).SequenceEqual(after.Select(d => d.Code)),
            () => $"a comment changes what is said of {Encoding.Latin1.GetString(bytes)}:\n{string.Join('\n', before)}\nbecomes\n{string.Join('\n', after)}");
}
