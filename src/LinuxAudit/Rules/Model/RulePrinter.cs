using System.Globalization;
using System.Text;
using LinuxAudit.Rules.Tables;

namespace LinuxAudit.Rules;

/// <summary>Rules as <c>auditctl -l</c> prints them.</summary>
internal static class RulePrinter
{
    public static string Print(AuditRule rule, Machine native, bool prepend)
    {
        StringBuilder text = new();
        if (!prepend && IsWatch(rule)) return PrintWatch(rule, text);
        text.Append(prepend ? "-A " : "-a ").Append(Name(rule.Action)).Append(',').Append(Name(rule.List));

        // auditctl prints arch first; a rule that has it later must keep its order, or it would read back as another.
        int archEnd = rule.Fields.Length;
        while (archEnd > 0 && rule.Fields[archEnd - 1].Field != RuleField.Arch) archEnd--;
        for (int i = 0; i < archEnd; i++) PrintField(text, rule.Fields[i], native);
        PrintSyscalls(text, rule, native);
        for (int i = archEnd; i < rule.Fields.Length; i++) PrintField(text, rule.Fields[i], native);
        return text.ToString();
    }

    public static string Name(RuleAction action) => action == RuleAction.Never ? "never" : "always";

    public static string Name(FilterList list) => list switch
    {
        FilterList.User => "user",
        FilterList.Task => "task",
        FilterList.Exit => "exit",
        FilterList.Exclude => "exclude",
        FilterList.Filesystem => "filesystem",
        FilterList.IoUring => "io_uring",
        _ => ((uint)list).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A condition with a space before it, such as <c> -F uid=0</c>.</summary>
    public static string Field(FieldFilter field, Machine native)
    {
        StringBuilder text = new();
        PrintField(text, field, native);
        return text.ToString();
    }

    /// <summary>Whether <c>-w PATH -p PERM -k KEY</c> says all there is to the rule.</summary>
    internal static bool IsWatch(AuditRule rule) =>
        rule is { List: FilterList.Exit, Action: RuleAction.Always, Syscalls.IsAll: true, Fields.Length: 2 or 3 }
        && rule.Fields[0] is { Field: RuleField.Path or RuleField.Dir, Operator: FieldOperator.Equal, Text: { } path }
        && (path == "/" || !path.EndsWith('/')) && path.StartsWith('/')
        && rule.Fields[1] is { Field: RuleField.Perm, Operator: FieldOperator.Equal, Value: not 0 }
        && (rule.Fields.Length == 2 || rule.Fields[2] is { Field: RuleField.Key, Operator: FieldOperator.Equal });

    private static string PrintWatch(AuditRule rule, StringBuilder text)
    {
        text.Append("-w ").Append(RuleText.Escape(rule.Fields[0].Text!)).Append(" -p ").Append(Permissions(rule.Fields[1].Value));
        foreach (string key in rule.Keys) text.Append(" -k ").Append(RuleText.Escape(key));
        return text.ToString();
    }

    private static void PrintSyscalls(StringBuilder text, AuditRule rule, Machine native)
    {
        if (rule.List is not (FilterList.Exit or FilterList.IoUring) || rule.Syscalls.IsEmpty) return;
        text.Append(" -S ");
        if (rule.Syscalls.IsAll)
        {
            text.Append("all");
            return;
        }

        NameTable? names = rule.List == FilterList.IoUring ? AuditTables.UringOperations : AuditTables.Syscalls(rule.Arch ?? native);
        text.AppendJoin(',', Array.ConvertAll(rule.Syscalls.Numbers.ToArray(), n => names?.NameOf(n) ?? n.ToString(CultureInfo.InvariantCulture)));
    }

    private static void PrintField(StringBuilder text, FieldFilter field, Machine native)
    {
        if (field.Field == RuleField.Key)
        {
            foreach (string key in AuditRule.KeysOf(field))
                text.Append(" -F key").Append(field.Operator.Text()).Append(RuleText.Escape(key));
            return;
        }

        if (field.Field == RuleField.FieldCompare && FieldComparison.Fields(field.Value) is var (left, right))
        {
            text.Append(" -C ").Append(FieldInfo.Find(left)!.Name).Append(field.Operator.Text()).Append(FieldInfo.Find(right)!.Name);
            return;
        }

        FieldInfo? info = FieldInfo.Find(field.Field);
        string name = info?.Name ?? "f" + ((uint)field.Field).ToString(CultureInfo.InvariantCulture);
        text.Append(" -F ").Append(name).Append(field.Operator.Text());
        text.Append(field.Text is null ? Value(field, info?.Kind, native) : RuleText.Escape(field.Text));
    }

    private static string Value(FieldFilter field, FieldValueKind? kind, Machine native)
    {
        uint value = field.Value;
        string number = value.ToString(CultureInfo.InvariantCulture);
        return kind switch
        {
            FieldValueKind.User or FieldValueKind.Session => ((int)value).ToString(CultureInfo.InvariantCulture),
            FieldValueKind.SignedNumber => "0x" + value.ToString("X", CultureInfo.InvariantCulture),
            FieldValueKind.Exit => Exit((int)value),
            FieldValueKind.Arch => Arch((Machine)value, native),
            FieldValueKind.MessageType => AuditTables.MessageTypes.NameOf((int)value) ?? number,
            FieldValueKind.FilesystemType => AuditTables.FilesystemTypes.NameOf((int)value) ?? number,
            FieldValueKind.FileType => AuditTables.FileTypes.NameOf((int)value) ?? number,
            FieldValueKind.Permissions => Permissions(value),
            _ => number,
        };
    }

    private static string Exit(int value) =>
        value < 0 && AuditTables.Errnos.NameOf(-value) is { } name ? "-" + name : value.ToString(CultureInfo.InvariantCulture);

    private static string Arch(Machine machine, Machine native) =>
        machine == native.B64() ? "b64" : machine == native.B32() ? "b32" : machine.Name();

    internal static string Permissions(uint value)
    {
        FilePermissions permissions = (FilePermissions)value;
        return string.Concat(
            permissions.HasFlag(FilePermissions.Read) ? "r" : "", permissions.HasFlag(FilePermissions.Write) ? "w" : "",
            permissions.HasFlag(FilePermissions.Execute) ? "x" : "", permissions.HasFlag(FilePermissions.Attribute) ? "a" : "");
    }
}
