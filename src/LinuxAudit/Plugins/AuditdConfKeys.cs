namespace LinuxAudit.Plugins;

/// <summary>What a key of auditd.conf takes.</summary>
internal enum ConfValueKind { Word, Number, Size, Ports, Text, Path, Ignored }

/// <summary>One key of auditd.conf.</summary>
/// <param name="Kind">What it takes.</param>
/// <param name="Words">The words it takes, in lower case, for <see cref="ConfValueKind.Word"/>.</param>
/// <param name="Least">The least number.</param>
/// <param name="Most">The largest number.</param>
/// <param name="IsNewer">Whether auditd 3.0 does not know it, and would refuse the file.</param>
internal sealed record ConfKey(ConfValueKind Kind, string[]? Words = null, long Least = 0, long Most = int.MaxValue, bool IsNewer = false);

/// <summary>The keys of auditd.conf(5), 3.0.9 and 4.x. What they take was tried out with auditd 3.0.9.</summary>
internal static class AuditdConfKeys
{
    /// <summary>The action that names a program.</summary>
    public const string Execute = "exec";

    private static readonly ConfKey YesOrNo = new(ConfValueKind.Word, ["yes", "no"]);
    private static readonly ConfKey AnyNumber = new(ConfValueKind.Number);
    private static readonly ConfKey AnyText = new(ConfValueKind.Text);
    private static readonly ConfKey AnyPath = new(ConfValueKind.Path);
    private static readonly ConfKey Ignored = new(ConfValueKind.Ignored);
    private static readonly ConfKey SpaceAction = Word("ignore", "syslog", "rotate", "email", Execute, "suspend", "single", "halt");

    public static IReadOnlyDictionary<string, ConfKey> All { get; } = new Dictionary<string, ConfKey>(StringComparer.Ordinal)
    {
        ["local_events"] = YesOrNo,
        ["write_logs"] = YesOrNo,
        ["log_file"] = AnyPath,
        ["log_format"] = Word("raw", "enriched", "nolog"),
        ["log_group"] = AnyText,
        ["priority_boost"] = AnyNumber,
        ["flush"] = Word("none", "incremental", "incremental_async", "data", "sync"),
        ["freq"] = AnyNumber,
        ["num_logs"] = new(ConfValueKind.Number, Most: 999),
        ["name_format"] = Word("none", "hostname", "fqd", "numeric", "user"),
        ["name"] = AnyText,
        ["max_log_file"] = AnyNumber,
        ["max_log_file_action"] = Word("ignore", "syslog", "suspend", "rotate", "keep_logs"),
        ["verify_email"] = YesOrNo,
        ["action_mail_acct"] = AnyText,
        ["space_left"] = new(ConfValueKind.Size),
        ["space_left_action"] = SpaceAction,
        ["admin_space_left"] = new(ConfValueKind.Size),
        ["admin_space_left_action"] = SpaceAction,
        ["disk_full_action"] = Word("ignore", "syslog", "rotate", Execute, "suspend", "single", "halt"),
        ["disk_error_action"] = Word("ignore", "syslog", Execute, "suspend", "single", "halt"),
        ["tcp_listen_port"] = new(ConfValueKind.Number, Least: 1, Most: 65535),
        ["tcp_listen_queue"] = new(ConfValueKind.Number, Least: 1),
        ["tcp_max_per_addr"] = new(ConfValueKind.Number, Least: 1, Most: 1024),
        ["use_libwrap"] = YesOrNo,
        ["tcp_client_ports"] = new(ConfValueKind.Ports),
        ["tcp_client_max_idle"] = AnyNumber,
        ["transport"] = Word("tcp", "krb5"),
        ["enable_krb5"] = YesOrNo,
        ["krb5_principal"] = AnyText,
        ["krb5_key_file"] = AnyPath,
        ["distribute_network"] = YesOrNo,
        ["q_depth"] = new(ConfValueKind.Number, Most: 99999),
        ["overflow_action"] = Word("ignore", "syslog", "suspend", "single", "halt"),
        ["max_restarts"] = AnyNumber,
        ["plugin_dir"] = AnyPath,
        ["end_of_event_timeout"] = AnyNumber,
        ["report_interval"] = AnyText with { IsNewer = true },
        ["dispatcher"] = Ignored,
        ["disp_qos"] = Ignored,
    };

    private static ConfKey Word(params string[] words) => new(ConfValueKind.Word, words);
}
