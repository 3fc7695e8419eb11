using System.Buffers;

namespace LinuxAudit.Records;

/// <summary>
/// Says in a few words what an event is about, as <c>ausearch --format csv</c> does. Allocates nothing once its summary's buffer has grown.
/// Thread-safe when its interpreter is.
/// </summary>
/// <param name="interpreter">For names of users, addresses, signals.</param>
public sealed partial class EventSummarizer(Interpreter interpreter)
{
    /// <summary>Summarizes <paramref name="auditEvent"/> into <paramref name="summary"/>, whose earlier content is lost.</summary>
    public void Summarize(AuditEvent auditEvent, EventSummary summary)
    {
        summary.Clear();
        // The kernel writes the record an event is about before that of the system call that caused it.
        AuditRecord first = auditEvent[0];
        AuditRecord main = auditEvent.TryGetRecord(RecordType.Syscall, out AuditRecord syscall) ? syscall : first;
        bool isSyscall = main.Type == RecordType.Syscall;
        summary.Set(SummaryColumn.Event, first.TypeName);
        TypeRule? rule = SummaryRules.Of(first.Type);
        summary.Set(SummaryColumn.Kind, rule is null ? SummaryRules.KindOf(first.Type) : rule.Kind);
        SetSubject(main, summary);
        SetResult(first, main, summary);
        if (first.Type == RecordType.Syscall) SetSyscall(auditEvent, main, summary);
        else if (rule is not null) SetByRule(auditEvent, first, main, rule, summary);
        else
        {
            summary.Set(SummaryColumn.Action, isSyscall ? "triggered-audit-rule"u8 : "did-unknown"u8);
            summary.Set(SummaryColumn.ObjectKind, isSyscall ? "admin-defined-rule"u8 : "unknown"u8);
            SetField(main, "exe"u8, SummaryColumn.How, summary);
        }
    }

    private void SetSubject(in AuditRecord main, EventSummary summary)
    {
        SetField(main, "ses"u8, SummaryColumn.Session, summary);
        if (main.Type == LoginOfUser)
        {
            // Who logged in is said by the program; before that nobody had.
            if (!SetField(main, "acct"u8, SummaryColumn.SubjectPrimary, summary)) SetField(main, "id"u8, SummaryColumn.SubjectPrimary, summary);
            if (TryFind(main, "id"u8, out _)) SetAccountKind(main, "id"u8, summary);
            else summary.Set(SummaryColumn.SubjectKind, summary[SummaryColumn.SubjectPrimary].SequenceEqual("root"u8) ? "privileged-acct"u8 : "unknown-acct"u8);
            return;
        }
        if (!SetField(main, "auid"u8, SummaryColumn.SubjectPrimary, summary) || summary[SummaryColumn.SubjectPrimary].SequenceEqual("unset"u8))
            summary.Set(SummaryColumn.SubjectPrimary, main.Body.IsEmpty || summary[SummaryColumn.SubjectPrimary].IsEmpty ? default : "system"u8);
        SetField(main, "uid"u8, SummaryColumn.SubjectSecondary, summary);
        if (RecordTypes.IsDaemon(main.Type)) summary.Set(SummaryColumn.SubjectKind, "auditd"u8);
        else SetAccountKind(main, "uid"u8, summary);
    }

    private const RecordType LoginOfUser = (RecordType)1112;

    private static void SetAccountKind(in AuditRecord main, ReadOnlySpan<byte> name, EventSummary summary)
    {
        if (!TryFind(main, name, out Field uid))
        {
            summary.Set(SummaryColumn.SubjectKind, main.Type is RecordType.NetfilterConfig or RecordType.Bpf ? "system"u8 : default);
            return;
        }
        summary.Set(SummaryColumn.SubjectKind, !uid.TryGetUInt64(out ulong id) ? "unknown-acct"u8 : id switch
        {
            0 => "privileged-acct"u8,
            < 1000 => "service-acct"u8,
            < 60000 => "user-acct"u8,
            uint.MaxValue => "unset-acct"u8,
            _ => "unknown-acct"u8,
        });
    }

    private static void SetResult(in AuditRecord first, in AuditRecord main, EventSummary summary)
    {
        if (first.Type == RecordType.Seccomp)
        {
            // SECCOMP_RET_ALLOW
            bool allowed = TryFind(first, "code"u8, out Field code) && code.Value.SequenceEqual("0x7fff0000"u8);
            summary.Set(SummaryColumn.Result, allowed ? "success"u8 : "failed"u8);
            return;
        }
        bool isSyscall = main.Type == RecordType.Syscall;
        if (!TryFind(main, isSyscall ? "success"u8 : "res"u8, out Field result) && !TryFind(main, "result"u8, out result)) return;
        bool success = result.Value.SequenceEqual("yes"u8) || result.Value.SequenceEqual("success"u8) || result.Value.SequenceEqual("1"u8);
        summary.Set(SummaryColumn.Result, success ? "success"u8 : "failed"u8);
    }

    private void SetByRule(AuditEvent auditEvent, in AuditRecord first, in AuditRecord main, TypeRule rule, EventSummary summary)
    {
        SetAction(first, main, rule, summary);
        summary.Set(SummaryColumn.ObjectKind, rule.ObjectKind);
        if (first.Type is RecordType.Fanotify or RecordType.Avc) SetPath(auditEvent, 0, rule.ObjectKind, summary);
        else if (first.Type == RecordType.ConfigChange && summary[SummaryColumn.Action].SequenceEqual("set"u8)) SetChangedValue(first, summary);
        else
            foreach (byte[] field in rule.ObjectFields)
                if (SetField(first, field, SummaryColumn.ObjectPrimary, summary)) break;
        if (rule.SecondaryField.Length > 0) SetField(first, rule.SecondaryField, SummaryColumn.ObjectSecondary, summary);
        foreach (byte[] field in rule.HowFields)
        {
            if (field[0] == '=') summary.Set(SummaryColumn.How, field.AsSpan(1));
            else if (!SetField(first, field, SummaryColumn.How, summary) && !SetField(main, field, SummaryColumn.How, summary)) continue;
            break;
        }
    }

    /// <summary><c>op=set audit_enabled=1 old=0</c>: what was set is the name of the field behind.</summary>
    private static void SetChangedValue(in AuditRecord change, EventSummary summary)
    {
        FieldReader fields = change.Fields;
        if (fields.TryFind("op"u8, out _) && fields.TryRead(out Field changed)) summary.Set(SummaryColumn.ObjectPrimary, changed.Name);
    }

    private void SetAction(in AuditRecord first, in AuditRecord main, TypeRule rule, EventSummary summary)
    {
        switch (first.Type)
        {
            case RecordType.Bpf:
                summary.Set(SummaryColumn.Action, TryFind(first, "op"u8, out Field op) && op.Value.SequenceEqual("LOAD"u8) ? "loaded-bpf-program"u8 : "unloaded-bpf-program"u8);
                break;
            case RecordType.EventListener:
                summary.Set(SummaryColumn.Action, TryFind(first, "op"u8, out Field change) && change.Value.SequenceEqual("connect"u8) ? "connected-to"u8 : "disconnected-from"u8);
                break;
            case RecordType.ConfigChange or RecordType.UsysConfig or RecordType.UserDevice:
                if (!SetField(first, "op"u8, SummaryColumn.Action, summary))
                    summary.Set(SummaryColumn.Action, first.Type == RecordType.ConfigChange ? "changed-audit-configuration"u8 : "changed-configuration"u8);
                break;
            case RecordType.AnomalyPromiscuous when main.Type == RecordType.Syscall:
                bool left = TryFind(first, "prom"u8, out Field now) && now.Value.SequenceEqual("0"u8);
                summary.Set(SummaryColumn.Action, left ? "left-promiscuous-mode-on-device"u8 : "entered-promiscuous-mode-on-device"u8);
                break;
            default:
                summary.Set(SummaryColumn.Action, rule.Action);
                break;
        }
    }

    /// <summary>Writes a field's meaning. False, and the column empty, when the record has no such field.</summary>
    private bool SetField(in AuditRecord record, ReadOnlySpan<byte> name, SummaryColumn column, EventSummary summary)
    {
        if (!TryFind(record, name, out Field field)) return false;
        if (field.IsNull)
        {
            summary.Set(column, default);
            return true;
        }
        WriteField(RecordContext.Of(record), field, summary.Begin());
        // Of several keys the first names the rule.
        ReadOnlySpan<byte> written = summary.Written;
        int end = FieldKinds.Of(record.Type, name) == FieldKind.Key ? written.IndexOf((byte)1) : -1;
        if (end >= 0) summary.Replace(column, written[..end]);
        else summary.Set(column);
        return true;
    }

    private void WriteField(in RecordContext context, in Field field, IBufferWriter<byte> output)
    {
        if (interpreter.Interpret(context, field, output) == Interpretation.Unchanged) output.Write(field.Value);
    }

    /// <summary>A field of the record, or, of a message of user space, of what the program says.</summary>
    private static bool TryFind(scoped in AuditRecord record, ReadOnlySpan<byte> name, out Field field)
    {
        if (record.TryGetField(name, out field)) return true;
        FieldReader fields = record.UserFields;
        return fields.TryFind(name, out field);
    }
}
