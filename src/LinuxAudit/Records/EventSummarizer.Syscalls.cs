using System.Buffers;

namespace LinuxAudit.Records;

public sealed partial class EventSummarizer
{
    /// <summary>
    /// What a system call does: the <see cref="SummaryColumn.Action"/> of an event whose first record is its <c>SYSCALL</c>. False for calls that
    /// only a rule gives a meaning, and for those whose action other records decide. Valid as long as the program runs.
    /// </summary>
    public static bool TryGetAction(uint architecture, int syscall, out ReadOnlySpan<byte> action)
    {
        SyscallRule? rule = SummaryRules.Of(architecture, syscall);
        action = rule is null ? default : rule.Action;
        return rule is not null && !action.SequenceEqual("make-device"u8);
    }

    private void SetSyscall(AuditEvent auditEvent, in AuditRecord syscall, EventSummary summary)
    {
        RecordContext context = RecordContext.Of(syscall);
        SyscallRule? rule = SummaryRules.Of(context.Architecture, context.Syscall);
        if (rule is null)
        {
            bool hasKey = TryFind(syscall, "key"u8, out Field key) && !key.IsNull;
            summary.Set(SummaryColumn.Action, hasKey ? "triggered-audit-rule"u8 : "triggered-unknown-audit-rule"u8);
            if (hasKey) SetField(syscall, "key"u8, SummaryColumn.ObjectPrimary, summary);
            summary.Set(SummaryColumn.ObjectKind, "admin-defined-rule"u8);
            SetField(syscall, "exe"u8, SummaryColumn.How, summary);
            return;
        }
        summary.Set(SummaryColumn.Action, rule.Action);
        summary.Set(SummaryColumn.ObjectKind, rule.ObjectKind);
        SetField(syscall, rule.HowIsSyscall ? "syscall"u8 : "exe"u8, SummaryColumn.How, summary);
        switch (rule.Source)
        {
            case ObjectSource.Path:
                SetPath(auditEvent, 0, rule.ObjectKind, summary);
                if (rule.Action.AsSpan().SequenceEqual("make-device"u8)) SetDeviceAction(summary);
                break;
            case ObjectSource.SecondPath: SetPath(auditEvent, 2, rule.ObjectKind, summary); break;
            case ObjectSource.Command: SetField(syscall, "comm"u8, SummaryColumn.ObjectPrimary, summary); break;
            case ObjectSource.Executable: SetField(syscall, "exe"u8, SummaryColumn.ObjectPrimary, summary); break;
            case ObjectSource.Socket when auditEvent.TryGetRecord(RecordType.SocketAddress, out AuditRecord address):
                SetField(address, "saddr"u8, SummaryColumn.ObjectPrimary, summary);
                break;
            case ObjectSource.Module when auditEvent.TryGetRecord((RecordType)1330, out AuditRecord module):
                SetField(module, "name"u8, SummaryColumn.ObjectPrimary, summary);
                break;
            case ObjectSource.Target when auditEvent.TryGetRecord(RecordType.ObjectPid, out AuditRecord target):
                SetField(target, "ocomm"u8, SummaryColumn.ObjectPrimary, summary);
                SetField(target, "opid"u8, SummaryColumn.ObjectSecondary, summary);
                break;
        }
    }

    /// <summary>
    /// The path the call is about, made absolute: the first that is not only the directory of another, or for calls with two names that of
    /// number <paramref name="item"/>.
    /// </summary>
    private void SetPath(AuditEvent auditEvent, int item, ReadOnlySpan<byte> objectKind, EventSummary summary)
    {
        int chosen = -1, seen = 0;
        for (int i = 0; i < auditEvent.Count && chosen < 0; i++)
        {
            if (auditEvent.TypeOf(i) != RecordType.Path) continue;
            bool isParent = TryFind(auditEvent[i], "nametype"u8, out Field kind) && kind.Value.SequenceEqual("PARENT"u8);
            if (!isParent && seen >= item) chosen = i;
            seen++;
        }
        // A call that failed may know nothing but the directory.
        for (int i = auditEvent.Count - 1; i >= 0 && chosen < 0; i--)
            if (auditEvent.TypeOf(i) == RecordType.Path) chosen = i;
        if (chosen < 0) return;
        AuditRecord path = auditEvent[chosen];
        SetFullPath(auditEvent, path, summary);
        SetField(path, "inode"u8, SummaryColumn.ObjectSecondary, summary);
        summary.Set(SummaryColumn.ObjectKind, KindOf(path, objectKind));
    }

    private static void SetDeviceAction(EventSummary summary)
    {
        if (summary[SummaryColumn.ObjectKind].SequenceEqual("character-device"u8)) summary.Set(SummaryColumn.Action, "made-character-device"u8);
        if (summary[SummaryColumn.ObjectKind].SequenceEqual("block-device"u8)) summary.Set(SummaryColumn.Action, "made-block-device"u8);
    }

    private static ReadOnlySpan<byte> KindOf(in AuditRecord path, ReadOnlySpan<byte> otherwise)
    {
        if (!TryFind(path, "mode"u8, out Field mode) || !Numbers.TryParseOctal(mode.Value, out ulong bits)) return otherwise.SequenceEqual("unknown"u8) ? "file"u8 : otherwise;
        return (bits & 0xF000) switch
        {
            0x4000 => "directory"u8,
            0xA000 => "symlink"u8,
            0x2000 => "character-device"u8,
            0x6000 => "block-device"u8,
            0x1000 => "fifo"u8,
            0xC000 => "socket"u8,
            _ => "file"u8,
        };
    }

    private void SetFullPath(AuditEvent auditEvent, in AuditRecord path, EventSummary summary)
    {
        IBufferWriter<byte> output = summary.Begin();
        // Calls by descriptor know no name.
        if (!TryFind(path, "name"u8, out Field name) || name.IsNull) return;
        RecordContext context = RecordContext.Of(path);
        WriteField(context, name, output);
        if (summary.Written.StartsWith("/"u8) || !auditEvent.TryGetRecord(RecordType.WorkingDirectory, out AuditRecord directory)
            || !TryFind(directory, "cwd"u8, out Field cwd))
        {
            summary.Set(SummaryColumn.ObjectPrimary);
            Normalize(summary);
            return;
        }
        output = summary.Begin();
        WriteField(RecordContext.Of(directory), cwd, output);
        output.Write("/"u8);
        WriteField(context, name, output);
        summary.Set(SummaryColumn.ObjectPrimary);
        Normalize(summary);
    }

    /// <summary>Takes <c>.</c>, <c>..</c> and double slashes out of an absolute path, in letters only: what links do is not known.</summary>
    private static void Normalize(EventSummary summary)
    {
        ReadOnlySpan<byte> path = summary[SummaryColumn.ObjectPrimary];
        if (!path.StartsWith("/"u8) || path.Length > 4096 || PathText.IsNormal(path)) return;
        Span<byte> normal = stackalloc byte[path.Length + 1];
        summary.Replace(SummaryColumn.ObjectPrimary, normal[..PathText.Normalize(path, normal)]);
    }
}
