using System.Runtime.InteropServices;
using System.Text;
using AksAuditd.Tests.Support;
using EndToEnd.Tests.Support;
using LinuxAudit.Rules;

namespace EndToEnd.Tests.RulePacks;

/// <summary>System calls by number, as 64-bit and as 32-bit programs make them: the second by <c>int 0x80</c>, which a 64-bit process may use too.</summary>
internal sealed class RawCalls : IDisposable
{
    private const int PageBytes = 65536, ArgumentBytes = 64;

    // push rbx, rbp, rdi; eax, ebx, ecx, edx, esi, ebp, edi from [rdi]; int 0x80; pop all; cdqe; ret
    private static readonly byte[] Int80 =
    [
        0x53, 0x55, 0x57, 0x8B, 0x07, 0x8B, 0x5F, 0x04, 0x8B, 0x4F, 0x08, 0x8B, 0x57, 0x0C, 0x8B, 0x77, 0x10, 0x8B, 0x6F, 0x18, 0x8B, 0x7F, 0x14,
        0xCD, 0x80, 0x5F, 0x5D, 0x5B, 0x48, 0x98, 0xC3,
    ];

    // Below 2 GiB, so that 32-bit calls can point into it.
    private readonly nint _page = mmap(0, PageBytes, 7, 0x62, -1, 0);
    private readonly Int80Call _int80;
    private int _used = 128;

    public RawCalls()
    {
        if (_page is -1) throw new InvalidOperationException("mmap");
        Marshal.Copy(Int80, 0, _page, Int80.Length);
        _int80 = Marshal.GetDelegateForFunctionPointer<Int80Call>(_page);
    }

    private delegate long Int80Call(nint arguments);

    /// <summary>Whether 32-bit x86 calls can be made here; where they cannot, making one would end the process. Tried, by another one: a kernel may be built for
    /// them and a hypervisor not let them through.</summary>
    public static bool Has32Bit { get; } = Machines.Current == Machine.X86_64 && Try32Bit();

    /// <summary>Forgets the texts of the last call.</summary>
    public void Reset() => _used = 128;

    /// <summary>A text, or other bytes, where both kinds of calls can point to.</summary>
    public nint Text(string text) => Bytes(Encoding.UTF8.GetBytes(text + '\0'));

    /// <inheritdoc cref="Text"/>
    public nint Bytes(byte[] bytes)
    {
        nint at = _page + _used;
        _used += (bytes.Length + 15) & ~15;
        if (_used > PageBytes - ArgumentBytes) throw new InvalidOperationException("no room");
        Marshal.Copy(bytes, 0, at, bytes.Length);
        return at;
    }

    /// <summary>Makes the call on this thread; its result, -1 or a negative errno when it fails.</summary>
    public long Call(Machine machine, string name, params ReadOnlySpan<nint> arguments)
    {
        int number = machine.SyscallNumber(name) ?? throw new InvalidOperationException($"{machine} has no {name}");
        nint[] all = [.. arguments, .. new nint[6 - arguments.Length]];
        if (machine.Is64Bit()) return syscall(number, all[0], all[1], all[2], all[3], all[4], all[5]);
        nint block = _page + PageBytes - ArgumentBytes;
        Marshal.WriteInt32(block, number);
        for (int i = 0; i < 6; i++) Marshal.WriteInt32(block, 4 * (i + 1), (int)all[i]);
        return _int80(block);
    }

    private static bool Try32Bit()
    {
        using TempDirectory directory = new();
        string source = directory.Write("getpid.c", "int main(void) { long pid; __asm__ volatile(\"int $0x80\" : \"=a\"(pid) : \"a\"(20L) : \"memory\"); return pid <= 0; }\n");
        AuditMachine.Run(File.Exists("/usr/bin/gcc") ? "gcc" : "clang", "-o", directory["getpid"], source);
        return AuditMachine.TryRun(directory["getpid"], []).ExitCode == 0;
    }

    public void Dispose() => _ = munmap(_page, PageBytes);

    [DllImport("libc")]
    private static extern nint mmap(nint address, nint length, int protection, int flags, int file, nint offset);

    [DllImport("libc")]
    private static extern int munmap(nint address, nint length);

    [DllImport("libc")]
    private static extern nint syscall(nint number, nint a0, nint a1, nint a2, nint a3, nint a4, nint a5);
}
