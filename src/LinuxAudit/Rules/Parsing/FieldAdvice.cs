using System.Globalization;
using System.Text;
using LinuxAudit.Records;

namespace LinuxAudit.Rules.Parsing;

/// <summary>What to say about fields: what they take, and what people write for them.</summary>
internal static class FieldAdvice
{
    public static string? For(string name) => name.ToLowerInvariant() switch
    {
        "user" or "username" => "did you mean \"uid\" or \"auid\"?",
        "audit_uid" or "login" or "loginuid_set" => "did you mean \"auid\"?",
        "file" or "filename" or "watch" => "did you mean \"path\"?",
        "directory" => "did you mean \"dir\"?",
        "command" or "comm" or "executable" or "process" => "did you mean \"exe\"?",
        "syscall" => "write -S",
        "permission" or "permissions" => "did you mean \"perm\"?",
        "type" => "did you mean \"msgtype\"?",
        "ses" or "session" or "session_id" => "did you mean \"sessionid\"?",
        "a4" or "a5" => "only a0 to a3 can be looked at",
        _ => null,
    };

    /// <summary>The number behind a name that people know from C headers, strace or ausearch; null when the field has none of that name.</summary>
    public static string? Number(FieldInfo info, string name) => info.Field switch
    {
        RuleField.Success => name.ToLowerInvariant() switch { "yes" or "true" => "1", "no" or "false" => "0", _ => null },
        RuleField.A0 or RuleField.A1 or RuleField.A2 or RuleField.A3 when name.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) =>
            Find(ProcessValues.Signals, name),
        RuleField.SaddrFam or RuleField.A0 or RuleField.A1 or RuleField.A2 or RuleField.A3 when name.StartsWith("AF_", StringComparison.OrdinalIgnoreCase) =>
            Family(name[3..]),
        RuleField.SaddrFam => Family(name),
        _ => null,
    };

    private static string? Family(string name) => name.Equals("unix", StringComparison.OrdinalIgnoreCase) ? "1" : Find(SocketValues.Families, name);

    private static string? Find(ValueNames names, string name)
    {
        foreach (ValueNames.Entry entry in names.Entries)
            if (Ascii.EqualsIgnoreCase(names.Name(entry), name)) return entry.Value.ToString(CultureInfo.InvariantCulture);
        return null;
    }

    public static string Expected(FieldInfo info) => info.Kind switch
    {
        FieldValueKind.User => "a user name, a number, or unset",
        FieldValueKind.Group => "a group name or a number",
        FieldValueKind.Session => "a number or unset",
        FieldValueKind.Exit => "a number or an errno such as -EACCES",
        FieldValueKind.Arch => "b32, b64 or a machine such as x86_64",
        FieldValueKind.MessageType => "a number or a name such as CWD",
        FieldValueKind.FilesystemType => "debugfs, tracefs or a number",
        FieldValueKind.FileType => "file, dir, socket, link, character, block or fifo",
        FieldValueKind.Permissions => "some of r, w, x and a",
        FieldValueKind.AddressFamily => "a number from 0 to 45: 2 is IPv4, 10 is IPv6",
        FieldValueKind.Label => "text",
        FieldValueKind.Path => "an absolute path",
        FieldValueKind.Key => "a key",
        _ => "a number",
    };

    public static string Operators(FieldInfo info) => info.Operators switch
    {
        FieldOperatorSet.Equal => "=",
        FieldOperatorSet.Equality => "= !=",
        FieldOperatorSet.Ordered => "= != < <= > >=",
        _ => "= != < <= > >= & &=",
    };

    public static string Lists(FieldInfo info) =>
        string.Join(" or ", Array.ConvertAll(Array.FindAll(Enum.GetValues<FilterList>(), info.IsAllowedOn), RulePrinter.Name));
}
