namespace LinuxAudit.Rules.Tables;

/// <summary>The tables of names behind the rule language, each read on first use.</summary>
internal static class AuditTables
{
    private static readonly Lazy<NameTable> X86_64 = new(() => NameTable.Read(SyscallData.X86_64));
    private static readonly Lazy<NameTable> I386 = new(() => NameTable.Read(SyscallData.I386));
    private static readonly Lazy<NameTable> Aarch64 = new(() => NameTable.Read(SyscallData.Aarch64));
    private static readonly Lazy<NameTable> Arm = new(() => NameTable.Read(SyscallData.Arm));
    private static readonly Lazy<NameTable> UringTable = new(() => NameTable.Read(UringOperationData.Operations));
    private static readonly Lazy<NameTable> ErrnoTable = new(() => NameTable.Read(ErrnoData.Names));
    private static readonly Lazy<NameTable> MessageTypeTable = new(() => NameTable.Read(MessageTypeData.Names));

    /// <summary>What <c>S_IFMT</c> of <c>linux/stat.h</c> tells apart, under the names of auditctl(8).</summary>
    public static NameTable FileTypes { get; } = NameTable.Read(
        """
        49152 socket
        40960 link
        32768 file
        24576 block
        16384 dir
        8192 character
        4096 fifo
        """u8);

    /// <summary>Magic numbers of <c>linux/magic.h</c> that have a name in the rule language.</summary>
    public static NameTable FilesystemTypes { get; } = NameTable.Read(
        """
        1684170528 debugfs
        1953653091 tracefs
        """u8);

    public static NameTable UringOperations => UringTable.Value;

    public static NameTable Errnos => ErrnoTable.Value;

    public static NameTable MessageTypes => MessageTypeTable.Value;

    /// <summary>The system calls of a machine; null for a machine whose table is not known here.</summary>
    public static NameTable? Syscalls(Machine machine) => machine switch
    {
        Machine.X86_64 => X86_64.Value,
        Machine.I386 => I386.Value,
        Machine.Aarch64 => Aarch64.Value,
        Machine.Arm => Arm.Value,
        _ => null,
    };
}
