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
        "type" => "did you mean \"msgtype\"?",
        "ses" or "session" or "session_id" => "did you mean \"sessionid\"?",
        "a4" or "a5" => "only a0 to a3 can be looked at",
        _ => null,
    };

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
