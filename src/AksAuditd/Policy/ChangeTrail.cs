using System.Globalization;
using System.Text;
using AksAuditd.Node;
using LinuxAudit.Records;

namespace AksAuditd.Policy;

/// <summary>
/// Who changed the node's audit configuration, from the CONFIG_CHANGE events in auditd's log: the kernel writes one for every change of rules and control
/// values, with the caller's login uid, and a SYSCALL record beside it with process and program. Our own changes and auditd's are left out.
/// </summary>
internal sealed class ChangeTrail(string log = LogTail.AuditLog)
{
    private const int MostNames = 5;
    private long _begin;
    private long _read = LogTail.Length(log);

    /// <summary>A pass begins. What comes while it runs is asked for in the next one too: this one may not have seen it.</summary>
    public void BeginPass() => _begin = LogTail.Length(log);

    /// <summary>The pass has ended. When it changed something itself, what came meanwhile is its own and not asked for again.</summary>
    public void EndPass(bool changed) => _read = changed ? LogTail.Length(log) : _begin;

    /// <summary>Who changed something since the pass before this one began, one line; null when the log does not say.</summary>
    public string? Since()
    {
        byte[]? tail;
        try
        {
            tail = LogTail.Read(log, _read);
        }
        catch (NodeException e)
        {
            return $"(not known: {e.Message})";
        }

        if (tail is null) return null;
        Dictionary<uint, Change> changes = [];
        foreach (Range range in tail.AsSpan().Split((byte)'\n'))
        {
            if (AuditRecord.TryParse(tail.AsSpan()[range], out AuditRecord record)) Note(changes, record);
        }

        string[] who = [.. changes.Values.Where(c => c.IsConfiguration && c.Pid != Environment.ProcessId && !IsAuditd(c)).Select(c => c.Who).Distinct()];
        return who.Length == 0 ? null : string.Join("; ", who.Take(MostNames)) + (who.Length > MostNames ? $"; and {who.Length - MostNames} more" : "");
    }

    // It sets its pid and switches auditing on when it starts.
    private static bool IsAuditd(Change change) => change.Program is "/usr/sbin/auditd" or "/sbin/auditd";

    private static void Note(Dictionary<uint, Change> changes, in AuditRecord record)
    {
        if (record.Type is not (RecordType.ConfigChange or RecordType.Syscall)) return;
        if (!changes.TryGetValue(record.Id.Serial, out Change? change)) changes[record.Id.Serial] = change = new();
        if (record.Type == RecordType.ConfigChange)
        {
            change.IsConfiguration = true;
            change.LoginUid = Number(record, "auid"u8);
        }
        else
        {
            change.Pid = int.TryParse(Number(record, "pid"u8), CultureInfo.InvariantCulture, out int pid) ? pid : 0;
            change.Program = Text(record, "exe"u8);
        }
    }

    // As written: 1000 would also be two bytes in hexadecimal.
    private static string? Number(in AuditRecord record, ReadOnlySpan<byte> name) =>
        record.TryGetField(name, out Field field) ? ConfigMapVolume.Printable(Encoding.UTF8.GetString(field.Value)) : null;

    private static string? Text(in AuditRecord record, ReadOnlySpan<byte> name)
    {
        if (!record.TryGetField(name, out Field field)) return null;
        Span<byte> decoded = new byte[field.Value.Length];
        return field.TryDecode(decoded, out int length) ? ConfigMapVolume.Printable(Encoding.UTF8.GetString(decoded[..length])) : null;
    }

    private sealed class Change
    {
        public bool IsConfiguration { get; set; }

        public int Pid { get; set; }

        public string? Program { get; set; }

        public string? LoginUid { get; set; }

        public string Who =>
            $"{Program ?? "the kernel itself"}{(Pid > 0 ? $" (pid {Pid})" : "")}, login uid {(LoginUid == "4294967295" ? "unset" : LoginUid)}";
    }
}
