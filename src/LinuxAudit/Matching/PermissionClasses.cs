using System.Collections.Concurrent;
using LinuxAudit.Rules;

namespace LinuxAudit.Matching;

/// <summary>
/// Which system calls the kernel takes for a write, a read or a change of attributes of a file (<c>-p</c>, <c>-F perm=</c>), by machine. Tried on Linux 6.18, call
/// by call.
/// </summary>
internal sealed class PermissionClasses
{
    private static readonly string[] WriteCalls =
    [
        "rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "creat", "link", "linkat", "unlink", "unlinkat", "symlink", "symlinkat", "mknod", "mknodat",
        "acct", "swapon", "quotactl", "truncate", "truncate64", "ftruncate", "ftruncate64", "bind", "fallocate",
    ];

    private static readonly string[] ReadCalls =
    [
        "readlink", "readlinkat", "quotactl", "listxattr", "llistxattr", "flistxattr", "getxattr", "lgetxattr", "fgetxattr", "getxattrat", "listxattrat",
    ];

    private static readonly string[] AttributeCalls =
    [
        "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchown", "fchownat", "chown32", "lchown32", "fchown32", "setxattr", "lsetxattr", "fsetxattr",
        "removexattr", "lremovexattr", "fremovexattr", "setxattrat", "removexattrat", "link", "linkat",
    ];

    private static readonly ConcurrentDictionary<Machine, PermissionClasses?> All = new();

    private readonly SyscallSet _write, _read, _attribute;
    private readonly int _open, _openAt, _openAt2, _exec, _execAt, _socketCall;

    private PermissionClasses(Machine machine)
    {
        _write = SetOf(machine, WriteCalls);
        _read = SetOf(machine, ReadCalls);
        _attribute = SetOf(machine, AttributeCalls);
        (_open, _openAt, _openAt2) = (NumberOf("open"), NumberOf("openat"), NumberOf("openat2"));
        (_exec, _execAt, _socketCall) = (NumberOf("execve"), NumberOf("execveat"), NumberOf("socketcall"));

        int NumberOf(string name) => machine.SyscallNumber(name) ?? -1;
    }

    /// <summary>Those of a machine; null when its system calls are not known here.</summary>
    public static PermissionClasses? Of(Machine machine) =>
        All.GetOrAdd(machine, static m => m.SyscallNumber("execve") is null ? null : new PermissionClasses(m));

    /// <summary>Whether a call is such an access.</summary>
    public bool Match(FilePermissions permissions, RecordedCall call)
    {
        int number = call.Syscall;
        if (number == _open) return Includes(permissions, call.Argument(1));
        if (number == _openAt) return Includes(permissions, call.Argument(2));
        if (number == _openAt2) return Includes(permissions, call.OpenFlags);
        if (number == _exec || number == _execAt) return (permissions & FilePermissions.Execute) != 0;
        if (number == _socketCall) return (permissions & FilePermissions.Write) != 0 && call.Argument(0) == SocketCallBind;
        return ((permissions & FilePermissions.Write) != 0 && _write.Contains(number))
            || ((permissions & FilePermissions.Read) != 0 && _read.Contains(number))
            || ((permissions & FilePermissions.Attribute) != 0 && _attribute.Contains(number));
    }

    private const uint SocketCallBind = 2;

    // O_RDONLY, O_WRONLY, O_RDWR, and 3, which asks for the right to do both.
    private static bool Includes(FilePermissions permissions, uint flags) => (permissions & ((flags & 3) switch
    {
        0 => FilePermissions.Read,
        1 => FilePermissions.Write,
        _ => FilePermissions.Read | FilePermissions.Write,
    })) != 0;

    private static SyscallSet SetOf(Machine machine, string[] names)
    {
        List<int> numbers = [];
        foreach (string name in names)
            if (machine.SyscallNumber(name) is { } number) numbers.Add(number);
        return SyscallSet.Of(numbers);
    }
}
