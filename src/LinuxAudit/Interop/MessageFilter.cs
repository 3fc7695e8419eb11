using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LinuxAudit.Interop;

/// <summary>
/// A classic BPF program on a netlink socket (SO_ATTACH_FILTER, <c>linux/filter.h</c>) that lets messages of one type through: a listener that wants one record in a
/// million is not woken for the others.
/// </summary>
internal static partial class MessageFilter
{
    private const int AttachFilter = 26;

    // BPF_LD|BPF_H|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_RET|BPF_K.
    private const ushort LoadHalf = 0x28, JumpIfEqual = 0x15, Return = 0x06;

    /// <summary>nlmsg_type is the 16-bit number at byte 4 of a message, in the machine's byte order; BPF reads the network's.</summary>
    private const uint TypeOffset = 4;

    /// <summary>Attaches it. 0, or -1 with errno.</summary>
    public static unsafe int LetThrough(FileDescriptor socket, ushort type)
    {
        uint wanted = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(type) : type;
        Span<Instruction> program =
        [
            new(LoadHalf, 0, 0, TypeOffset),
            new(JumpIfEqual, 0, 1, wanted),
            new(Return, 0, 0, uint.MaxValue),
            new(Return, 0, 0, 0),
        ];
        fixed (Instruction* first = program)
        {
            FilterProgram filter = new() { Length = (ushort)program.Length, First = first };
            return SetFilter(socket, SocketCalls.LevelSocket, AttachFilter, in filter, (uint)sizeof(FilterProgram));
        }
    }

    /// <summary>setsockopt(2) for a filter.</summary>
    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetFilter(FileDescriptor socket, int level, int option, in FilterProgram filter, uint size);

    /// <summary><c>struct sock_filter</c>: 8 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    /// <summary><c>struct sock_fprog</c>: 16 bytes on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct FilterProgram
    {
        public ushort Length;
        public Instruction* First;
    }
}
