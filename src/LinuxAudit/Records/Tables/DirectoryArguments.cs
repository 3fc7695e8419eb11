namespace LinuxAudit.Records;

/// <summary>
/// Which of the first four arguments of each system call are descriptors of directories that relative names start from, for every architecture with a
/// table of system calls. <see cref="ArgumentKinds"/> has fewer: those <c>ausearch -i</c> interprets.
/// </summary>
internal static class DirectoryArguments
{
    // A bit for each argument, then the calls. The tables of names end before fchmodat2 (452), {set,get,list,remove}xattrat (463 to 466), open_tree_attr
    // and file_{get,set}attr (467 to 469), whose numbers are the same everywhere.
    private static ReadOnlySpan<byte> Table =>
        """
        1 openat openat2 mkdirat mknodat fchownat futimesat newfstatat fstatat64 unlinkat readlinkat fchmodat faccessat faccessat2 utimensat
        1 utimensat_time64 name_to_handle_at statx execveat open_tree mount_setattr fspick 452 463 464 465 466 467 468 469
        2 symlinkat
        5 renameat renameat2 linkat move_mount
        8 fanotify_mark
        """u8;

    private static readonly byte[] X86_64 = Build(Architectures.X86_64);
    private static readonly byte[] I386 = Build(Architectures.I386);
    private static readonly byte[] Aarch64 = Build(Architectures.Aarch64);
    private static readonly byte[] Arm = Build(Architectures.Arm);

    /// <summary>A bit for each such argument, the lowest for the first; 0 when there is none, or no table knows the call.</summary>
    internal static int Of(uint architecture, int syscall)
    {
        byte[]? arguments = architecture switch
        {
            Architectures.X86_64 => X86_64,
            Architectures.I386 => I386,
            Architectures.Aarch64 => Aarch64,
            Architectures.Arm => Arm,
            _ => null,
        };
        return arguments is not null && (uint)syscall < (uint)arguments.Length ? arguments[syscall] : 0;
    }

    private static byte[] Build(uint architecture)
    {
        byte[] result = new byte[512];
        Dictionary<string, byte> byName = [];
        foreach (Range range in Table.Split((byte)'\n'))
        {
            string[] words = System.Text.Encoding.ASCII.GetString(Table[range]).Split(' ');
            byte arguments = byte.Parse(words[0]);
            foreach (string word in words.AsSpan(1))
            {
                if (int.TryParse(word, out int number)) result[number] = arguments;
                else byName.Add(word, arguments);
            }
        }
        ValueNames syscalls = Architectures.Syscalls(architecture)!;
        foreach (ValueNames.Entry entry in syscalls.Entries)
            if (entry.Value < (ulong)result.Length && byName.TryGetValue(System.Text.Encoding.ASCII.GetString(syscalls.Name(entry)), out byte arguments))
                result[entry.Value] = arguments;
        return result;
    }
}
