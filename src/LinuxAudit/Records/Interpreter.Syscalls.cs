namespace LinuxAudit.Records;

public sealed partial class Interpreter
{
    private const ulong OpenCreates = 0x40;
    private const int I386Ipc = 117, I386SocketCall = 102;

    private static bool TryWriteSyscall(in RecordContext context, ReadOnlySpan<byte> value, ref SpanWriter writer)
    {
        if (context.Syscall < 0 || Architectures.Syscalls(context.Architecture) is not ValueNames names) return false;
        if (!WriteIfKnown(names, (ulong)context.Syscall, ref writer)) return WriteName(names, (ulong)context.Syscall, "unknown-syscall("u8, value, ")"u8, ref writer);
        ValueNames? calls = (context.Architecture, context.Syscall) switch
        {
            (Architectures.I386, I386SocketCall) => KernelValues.SocketCalls,
            (Architectures.I386, I386Ipc) => KernelValues.IpcCalls,
            _ => null,
        };
        if (calls is null || !calls.TryGet(context.Argument(0), out ReadOnlySpan<byte> call)) return true;
        writer.Write("("u8);
        writer.Write(call);
        writer.Write(")"u8);
        return true;
    }

    private bool TryWriteArgument(in RecordContext context, in Field field, ref SpanWriter writer)
    {
        if (!field.TryGetHex(out ulong value)) return false;
        int argument = field.Name[1] - '0';
        ArgumentKind kind = ArgumentKinds.Of(context.Architecture, context.Syscall, argument);
        if (kind != ArgumentKind.None && TryWriteArgument(context, kind, argument, value, ref writer)) return true;
        writer.Write("0x"u8);
        writer.Write(field.Value);
        return true;
    }

    /// <summary>False when this value of this kind has no meaning of its own.</summary>
    private bool TryWriteArgument(in RecordContext context, ArgumentKind kind, int argument, ulong value, ref SpanWriter writer)
    {
        switch (kind)
        {
            case ArgumentKind.DirectoryDescriptor:
                if (unchecked((int)value) != -100) return false;
                writer.Write("AT_FDCWD"u8);
                return true;
            case ArgumentKind.OpenFlags: return WriteOpenFlags(value, ref writer);
            case ArgumentKind.CreateMode: return CreatesFile(context.Argument(argument - 1)) && WritePermissionBits(value, ref writer);
            case ArgumentKind.Permissions: return WritePermissionBits(value, ref writer);
            case ArgumentKind.FileMode: return WriteFileMode(value, ref writer);
            case ArgumentKind.Signal: return WriteIfKnown(ProcessValues.Signals, value, ref writer) || WriteUnknown("unknown-signal"u8, value, ref writer);
            case ArgumentKind.Protection:
                if ((value & 7) != 0) return WriteFlags(FileValues.Protections, value, '|', ref writer);
                writer.Write("PROT_NONE"u8);
                return true;
            case ArgumentKind.MapFlags: return WriteMapFlags(value, ref writer);
            case ArgumentKind.FcntlCommand:
                return WriteIfKnown(FileValues.FcntlCommands, value, ref writer) || WriteUnknownDecimal("unknown-fcntl-command("u8, value, ref writer);
            case ArgumentKind.FcntlArgument:
                // F_SETFD
                if (context.Argument(1) != 2 || value != 1) return false;
                writer.Write("FD_CLOEXEC"u8);
                return true;
            case ArgumentKind.Personality: return WritePersonality(value, ref writer);
            case ArgumentKind.IoctlRequest:
                // 32 bits, whatever the register holds above them.
                if (WriteIfKnown(FileValues.IoctlRequests, (uint)value, ref writer)) return true;
                writer.Write("0x"u8);
                writer.WriteHex((uint)value);
                return true;
            case ArgumentKind.Scheduler: return WriteScheduler(value, ref writer);
            case ArgumentKind.AccessMode:
                if ((value & 0xF) != 0) return WriteFlags(FileValues.AccessModes, value, '|', ref writer);
                writer.Write("F_OK"u8);
                return true;
            case ArgumentKind.CloneFlags: return WriteCloneFlags(value, ref writer);
            case ArgumentKind.SharedMemoryFlags: return WriteSharedMemoryFlags(value, ref writer);
            case ArgumentKind.User: return WriteUser((uint)value, ref writer);
            case ArgumentKind.Group: return WriteGroup((uint)value, ref writer);
            case ArgumentKind.PrctlOption:
                return WriteIfKnown(ProcessValues.PrctlOptions, value, ref writer) || WriteUnknown("unknown-prctl-option"u8, value, ref writer);
            case ArgumentKind.PrctlArgument: return TryWritePrctlArgument(context.Argument(0), value, ref writer);
            case ArgumentKind.ResourceLimit:
                return WriteIfKnown(ProcessValues.ResourceLimits, value, ref writer) || WriteUnknown("unknown-rlimit"u8, value, ref writer);
            case ArgumentKind.PtraceRequest:
                return WriteIfKnown(ProcessValues.PtraceRequests, value, ref writer) || WriteUnknown("unknown-ptrace"u8, value, ref writer);
            case ArgumentKind.Clock: return WriteIfKnown(ProcessValues.Clocks, value, ref writer) || WriteUnknown("unknown-clk_id"u8, value, ref writer);
            case ArgumentKind.MountFlags: return WriteFlags(FileValues.MountFlags, value, '|', ref writer);
            case ArgumentKind.UnmountFlags: return WriteFlags(FileValues.UnmountFlags, value, '|', ref writer);
            case ArgumentKind.SocketCall: return WriteIfKnown(KernelValues.SocketCalls, value, ref writer);
            default: return TryWriteSocketArgument(context, kind, value, ref writer);
        }
    }

    private static bool TryWriteSocketArgument(in RecordContext context, ArgumentKind kind, ulong value, ref SpanWriter writer)
    {
        // The type's low byte; above it SOCK_CLOEXEC and SOCK_NONBLOCK.
        const ulong typeMask = 0xFF;
        switch (kind)
        {
            case ArgumentKind.AddressFamily: return WriteIfKnown(SocketValues.Families, value, ref writer) || WriteUnknown("unknown-family"u8, value, ref writer);
            case ArgumentKind.SocketType:
                return WriteIfKnown(SocketValues.Types, value & typeMask, ref writer) || WriteUnknownHex("unknown-type("u8, value, ref writer);
            case ArgumentKind.Protocol: return WriteIfKnown(SocketValues.Protocols, value, ref writer) || WriteUnknownHex("unknown-proto("u8, value, ref writer);
            case ArgumentKind.MessageFlags: return WriteFlags(SocketValues.MessageFlags, value, '|', ref writer);
            case ArgumentKind.OptionLevel:
                // SOL_SOCKET is 1, which is also the number of the protocol ICMP.
                return WriteIfKnown(SocketValues.OptionLevels, value, ref writer) || WriteIfKnown(SocketValues.Protocols, value, ref writer)
                    || WriteUnknown("unknown-sockopt-level"u8, value, ref writer);
            case ArgumentKind.OptionName: return TryWriteOptionName(context.Argument(1), value, ref writer);
            case ArgumentKind.SeekOrigin: return WriteIfKnown(FileValues.SeekOrigins, value & 0xFF, ref writer) || WriteUnknownHex("unknown-whence("u8, value, ref writer);
            case ArgumentKind.BpfCommand: return WriteIfKnown(ProcessValues.BpfCommands, value, ref writer) || WriteUnknownHex("unknown-bpf-cmd("u8, value, ref writer);
            case ArgumentKind.EpollOperation:
                return WriteIfKnown(FileValues.EpollOperations, value, ref writer) || WriteUnknownDecimal("unknown-epoll_ctl-operation("u8, value, ref writer);
            case ArgumentKind.ExitStatus:
                if (value > 1) return false;
                writer.Write(value == 0 ? "EXIT_SUCCESS"u8 : "EXIT_FAILURE"u8);
                return true;
            default: return false;
        }
    }

    private static bool TryWriteOptionName(ulong level, ulong option, ref SpanWriter writer) => level switch
    {
        0 => WriteIfKnown(SocketValues.IpOptions, option, ref writer) || WriteUnknown("unknown-ipopt-name"u8, option, ref writer),
        1 => WriteIfKnown(SocketValues.SocketOptions, option, ref writer) || WriteUnknown("unknown-sockopt-name"u8, option, ref writer),
        6 => WriteIfKnown(SocketValues.TcpOptions, option, ref writer) || WriteUnknown("unknown-tcpopt-name"u8, option, ref writer),
        17 => WriteIfKnown(SocketValues.UdpOptions, option, ref writer) || WriteUnknown("unknown-udpopt-name"u8, option, ref writer),
        41 => WriteIfKnown(SocketValues.Ip6Options, option, ref writer) || WriteUnknown("unknown-ip6opt-name"u8, option, ref writer),
        263 => WriteIfKnown(SocketValues.PacketOptions, option, ref writer) || WriteUnknown("unknown-pktopt-name"u8, option, ref writer),
        _ => false,
    };

    private static bool TryWritePrctlArgument(ulong option, ulong value, ref SpanWriter writer) => option switch
    {
        // PR_SET_PDEATHSIG, PR_CAPBSET_READ, PR_CAPBSET_DROP
        1 => WriteIfKnown(ProcessValues.Signals, value, ref writer) || WriteUnknown("unknown-signal"u8, value, ref writer),
        23 or 24 => WriteIfKnown(ProcessValues.Capabilities, value, ref writer) || WriteUnknown("unknown-capability"u8, value, ref writer),
        _ => false,
    };

    private static bool WriteOpenFlags(ulong flags, ref SpanWriter writer)
    {
        bool readsOnly = (flags & 3) == 0;
        if (readsOnly) writer.Write("O_RDONLY"u8);
        return WriteFlags(FileValues.OpenFlags, flags, '|', ref writer, !readsOnly);
    }

    private static bool WriteMapFlags(ulong flags, ref SpanWriter writer)
    {
        // Neither shared nor private: MAP_FILE is nothing but the name of 0.
        bool isFile = (flags & 0xF) == 0;
        if (isFile) writer.Write("MAP_FILE"u8);
        return WriteFlags(FileValues.MapFlags, flags, '|', ref writer, !isFile);
    }

    private static bool WriteCloneFlags(ulong flags, ref SpanWriter writer)
    {
        const ulong signalMask = 0xFF;
        bool hasFlags = false;
        foreach (ValueNames.Entry entry in ProcessValues.CloneFlags.Entries) hasFlags |= (flags & entry.Value) != 0;
        bool hasSignal = ProcessValues.Signals.TryGet(flags & signalMask, out ReadOnlySpan<byte> signal) && (flags & signalMask) != 0;
        if (hasFlags || !hasSignal) WriteFlags(ProcessValues.CloneFlags, flags, '|', ref writer);
        if (hasFlags && hasSignal) writer.Write("|"u8);
        if (hasSignal) writer.Write(signal);
        return true;
    }

    private static bool WriteScheduler(ulong value, ref SpanWriter writer)
    {
        const ulong resetOnFork = 0x40000000;
        if (!WriteIfKnown(ProcessValues.Schedulers, value & 0xF, ref writer)) return WriteUnknown("unknown-scheduler-policy"u8, value, ref writer);
        if ((value & resetOnFork) != 0) writer.Write("|SCHED_RESET_ON_FORK"u8);
        return true;
    }

    private static bool WriteSharedMemoryFlags(ulong flags, ref SpanWriter writer)
    {
        if ((flags & 0x1E00) != 0)
        {
            WriteFlags(FileValues.SharedMemoryFlags, flags, '|', ref writer);
            writer.Write("|"u8);
        }
        writer.WriteOctal(flags & 0x1FF, 4);
        return true;
    }

    private static bool WritePermissionBits(ulong mode, ref SpanWriter writer)
    {
        WriteSpecialBits(mode, ref writer);
        writer.WriteOctal(mode & 0x1FF, 4);
        return true;
    }

    private static bool WriteUnknownHex(ReadOnlySpan<byte> before, ulong number, ref SpanWriter writer)
    {
        writer.Write(before);
        writer.WriteHex(number);
        writer.Write(")"u8);
        return true;
    }

    private static bool WriteUnknownDecimal(ReadOnlySpan<byte> before, ulong number, ref SpanWriter writer)
    {
        writer.Write(before);
        writer.WriteSigned(unchecked((int)number));
        writer.Write(")"u8);
        return true;
    }
}
