using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace NoEventLost;

/// <summary>Rules, control values and rule files as they were; <see cref="Dispose"/> puts them back.</summary>
internal sealed class KernelState : IDisposable
{
    public const string RulesDirectory = "/etc/audit";

    private readonly AuditClient _client;
    private readonly IReadOnlyList<KernelRule> _rules;
    private readonly AuditStatus _status;
    private readonly string _files;

    public KernelState(AuditClient client, string directory)
    {
        _client = client;
        _files = Path.Combine(directory, "saved");
        Check("AUDIT_LIST_RULES", client.ListRules(out _rules));
        Check("AUDIT_GET", client.GetStatus(out _status));
        if (_status.Pid != 0) throw new InvalidOperationException($"an audit daemon runs ({Owner(_status.Pid)}); stop it first");
        if (_status.Enabled == AuditEnabled.Locked) throw new InvalidOperationException("the rules are locked until the next boot");
        Shell.Run("cp", "-a", RulesDirectory, _files);
    }

    private static string Owner(uint pid)
    {
        string file = $"/proc/{pid}/cmdline";
        return $"pid {pid}, {(File.Exists(file) ? File.ReadAllText(file).Replace('\0', ' ').Trim() : "which is gone")}";
    }

    public void Dispose()
    {
        Shell.Run("rsync", "-a", "--delete", _files + "/", RulesDirectory + "/");
        Check("AUDIT_LIST_RULES", _client.ListRules(out IReadOnlyList<KernelRule> now));
        Check("rules", RuleDifference.Between(now, _rules).Apply(_client, out _));
        Check("AUDIT_SET", _client.SetStatus(_status with
        {
            Mask = AuditStatusMask.Enabled | AuditStatusMask.Failure | AuditStatusMask.RateLimit | AuditStatusMask.BacklogLimit | AuditStatusMask.BacklogWaitTime,
        }));
        if (_status.Lost == 0) Check("AUDIT_SET", _client.ResetCounter(AuditStatusMask.Lost, out _));
        if (_status.BacklogWaitTimeActual == 0) Check("AUDIT_SET", _client.ResetCounter(AuditStatusMask.BacklogWaitTimeActual, out _));
    }

    public static void Check(string what, Errno error)
    {
        if (error != Errno.None) throw new LinuxException(what, error);
    }
}
