using System.Buffers.Text;
using System.Runtime.CompilerServices;
using LinuxAudit.Rules.Tables;

namespace LinuxAudit.Records;

/// <summary>Names and numbers of record types. Thread-safe.</summary>
public static class RecordTypes
{
    // What libaudit's list leaves out: control messages of linux/audit.h, and types newer than audit 3.0.9 (kernel 6.18's linux/audit.h).
    private static ReadOnlySpan<byte> More =>
        """
        1000 GET
        1001 SET
        1002 LIST
        1003 ADD
        1004 DEL
        1007 WATCH_INS
        1008 WATCH_REM
        1009 WATCH_LIST
        1010 SIGNAL_INFO
        1011 ADD_RULE
        1012 DEL_RULE
        1013 LIST_RULES
        1014 TRIM
        1015 MAKE_EQUIV
        1016 TTY_GET
        1017 TTY_SET
        1018 SET_FEATURE
        1019 GET_FEATURE
        1329 REPLACE
        1338 DM_CTRL
        1339 DM_EVENT
        1420 IPE_ACCESS
        1421 IPE_CONFIG_CHANGE
        1422 IPE_POLICY_LOAD
        1423 LANDLOCK_ACCESS
        1424 LANDLOCK_DOMAIN
        1425 MAC_TASK_CONTEXTS
        1426 MAC_OBJ_CONTEXTS
        1808 INTEGRITY_USERSPACE
        """u8;

    private static readonly ValueNames Names = new(MessageTypeData.Names, More);
    private static readonly NameIndex Numbers = new(Names);

    /// <summary>The name of a type, as in <c>type=NAME</c>; valid as long as the program runs. False when no table knows the number.</summary>
    public static bool TryGetName(RecordType type, out ReadOnlySpan<byte> name) => Names.TryGet((ushort)type, out name);

    /// <summary>
    /// The type called <paramref name="name"/>: a name of the tables, or <c>UNKNOWN[1234]</c>, which is how audit's programs write a number
    /// they have no name for (1 to 65535). False, and <see cref="RecordType.Unknown"/>, for anything else.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out RecordType type)
    {
        type = RecordType.Unknown;
        if (Numbers.TryGet(name, out int number))
        {
            type = (RecordType)number;
            return true;
        }
        ReadOnlySpan<byte> prefix = "UNKNOWN["u8;
        if (!name.StartsWith(prefix) || name[^1] != ']') return false;
        ReadOnlySpan<byte> digits = name[prefix.Length..^1];
        if (!Utf8Parser.TryParse(digits, out ushort value, out int used) || used != digits.Length || value == 0) return false;
        type = (RecordType)value;
        return true;
    }

    /// <summary>
    /// True for messages a program of user space sent: the kernel puts pid, uid, auid and ses before them, all else in
    /// <c>msg='…'</c> is what that program says and may be anything.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUserMessage(RecordType type) =>
        type is >= RecordType.FirstUserMessage and <= RecordType.LastUserMessage
            or >= RecordType.FirstUserMessage2 and <= RecordType.LastUserMessage2
            or (RecordType)1005;

    /// <summary>True for what auditd writes about itself; such records have serial numbers of their own.</summary>
    public static bool IsDaemon(RecordType type) => type is >= RecordType.FirstDaemon and <= RecordType.LastDaemon;

    /// <summary>
    /// True for types that are always the only record of their event: messages of user space, of auditd, and of the kernel about itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSingle(RecordType type) => IsUserMessage(type) || IsDaemon(type) || type == RecordType.Kernel;
}
