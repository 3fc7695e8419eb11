using System.Buffers;
using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public sealed class InterpreterTests
{
    private static readonly IdentityTable Identities = IdentityTable.Parse("root:x:0:0::/:/bin/sh\nalice:x:1000:1000::/:/bin/sh\n"u8, "root:x:0:\nstaff:x:50:alice\n"u8);
    private static readonly Interpreter Interpreter = new(Identities);

    /// <summary>The meaning of a field; null when it has none of its own.</summary>
    private static string? Interpret(string type, string body, string name)
    {
        Assert.True(AuditRecord.TryParse(Lines.Bytes($"type={type} msg=audit(1.000:1): {body}"), out AuditRecord record));
        FieldReader fields = record.Fields;
        Assert.True(fields.TryFind(Lines.Bytes(name), out Field field));
        ArrayBufferWriter<byte> output = new();
        return Interpreter.Interpret(RecordContext.Of(record), field, output) == Interpretation.Written ? Lines.Text(output.WrittenSpan) : null;
    }

    [Theory]
    [InlineData("SYSCALL", "arch=c000003e syscall=257", "arch", "x86_64")]
    [InlineData("SYSCALL", "arch=c000003e syscall=257", "syscall", "openat")]
    [InlineData("SYSCALL", "arch=c00000b7 syscall=56", "syscall", "openat")]
    [InlineData("SYSCALL", "arch=40000003 syscall=11", "syscall", "execve")]
    [InlineData("SYSCALL", "arch=40000003 syscall=102 a0=3", "syscall", "socketcall(connect)")]
    [InlineData("SYSCALL", "arch=40000003 syscall=117 a0=2", "syscall", "ipc(semget)")]
    [InlineData("SYSCALL", "arch=c000003e syscall=9999", "syscall", "unknown-syscall(9999)")]
    [InlineData("SYSCALL", "exit=-13", "exit", "EACCES(Permission denied)")]
    [InlineData("SYSCALL", "exit=3", "exit", null)]
    [InlineData("SYSCALL", "auid=4294967295", "auid", "unset")]
    [InlineData("SYSCALL", "auid=1000", "auid", "alice")]
    [InlineData("SYSCALL", "auid=1001", "auid", "unknown(1001)")]
    [InlineData("SYSCALL", "gid=50", "gid", "staff")]
    [InlineData("SYSCALL", "ses=4294967295", "ses", "unset")]
    [InlineData("SYSCALL", "ses=7", "ses", null)]
    [InlineData("SYSCALL", "comm=6120622022", "comm", "a b \"")]
    [InlineData("SYSCALL", "comm=\"cat\"", "comm", "cat")]
    [InlineData("SYSCALL", "key=(null)", "key", null)]
    [InlineData("SYSCALL", "key=6B31016B32", "key", "k1\u0001k2")]
    [InlineData("PATH", "mode=0100644", "mode", "file,644")]
    [InlineData("PATH", "mode=041777", "mode", "dir,sticky,777")]
    [InlineData("PATH", "mode=0104755", "mode", "file,suid,755")]
    [InlineData("MQ_OPEN", "mode=0600", "mode", "0600")]
    [InlineData("PATH", "cap_fp=3000", "cap_fp", "net_admin,net_raw")]
    [InlineData("PATH", "cap_fp=0", "cap_fp", "none")]
    [InlineData("PROCTITLE", "proctitle=6C73002D6C", "proctitle", "ls\0-l")]
    [InlineData("PROCTITLE", "proctitle=\"ls\"", "proctitle", "ls")]
    [InlineData("EXECVE", "argc=1 a0=6C73", "a0", "ls")]
    [InlineData("EXECVE", "argc=1 a0_len=10", "a0_len", null)]
    [InlineData("MMAP", "fd=3 flags=0x2", "flags", "MAP_PRIVATE")]
    [InlineData("MMAP", "fd=3 flags=0x22", "flags", "MAP_PRIVATE|MAP_ANONYMOUS")]
    [InlineData("OPENAT2", "oflag=02000000 mode=00 resolve=0x8", "oflag", "O_RDONLY|O_CLOEXEC")]
    [InlineData("OPENAT2", "oflag=02000000 mode=00 resolve=0x8", "resolve", "RESOLVE_BENEATH")]
    [InlineData("SECCOMP", "sig=31 arch=c000003e syscall=110 code=0x80000000", "code", "kill")]
    [InlineData("SECCOMP", "sig=31 arch=c000003e syscall=110 code=0x50001", "code", "errno")]
    [InlineData("SECCOMP", "sig=31 arch=c000003e syscall=110 code=0x80000000", "syscall", "getppid")]
    [InlineData("SECCOMP", "sig=31 arch=c000003e syscall=110 code=0x80000000", "sig", "SIGSYS")]
    [InlineData("NETFILTER_CFG", "table=filter:2 family=2 entries=1", "family", "ipv4")]
    [InlineData("CONFIG_CHANGE", "op=add_rule key=\"x\" list=4 res=1", "list", "exit")]
    [InlineData("CONFIG_CHANGE", "op=add_rule key=\"x\" list=4 res=1", "res", "yes")]
    [InlineData("ADD_GROUP", "id=50", "id", "staff")]
    [InlineData("ADD_USER", "id=1000", "id", "alice")]
    [InlineData("URINGOP", "uring_op=18", "uring_op", "openat")]
    [InlineData("TTY", "data=6C730D", "data", "\"ls\",<ret>")]
    [InlineData("TTY", "data=1B5B417F22", "data", "<up>,<backspace>,\"\\\"\"")]
    public void Interpret_Field_SaysWhatItMeans(string type, string body, string name, string? meaning) => Assert.Equal(meaning, Interpret(type, body, name));

    [Theory]
    [InlineData(257, "a0=ffffff9c a1=0 a2=80241 a3=1a4", "AT_FDCWD", "0x0", "O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC", "0644")]
    [InlineData(257, "a0=3 a1=0 a2=0 a3=1a4", "0x3", "0x0", "O_RDONLY", "0x1a4")]
    [InlineData(41, "a0=2 a1=80002 a2=11 a3=0", "inet", "SOCK_DGRAM", "udp", "0x0")]
    [InlineData(41, "a0=1 a1=1 a2=0 a3=0", "local", "SOCK_STREAM", "ip", "0x0")]
    [InlineData(62, "a0=7 a1=9 a2=0 a3=0", "0x7", "SIGKILL", "0x0", "0x0")]
    [InlineData(101, "a0=10 a1=7 a2=0 a3=0", "PTRACE_ATTACH", "0x7", "0x0", "0x0")]
    [InlineData(56, "a0=1200011 a1=0 a2=0 a3=0", "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD", "0x0", "0x0", "0x0")]
    [InlineData(272, "a0=60020000 a1=0 a2=0 a3=0", "CLONE_NEWNS|CLONE_NEWPID|CLONE_NEWNET", "0x0", "0x0", "0x0")]
    [InlineData(165, "a0=1 a1=2 a2=3 a3=1001", "0x1", "0x2", "0x3", "MS_RDONLY|MS_BIND")]
    [InlineData(166, "a0=1 a1=2 a2=0 a3=0", "0x1", "MNT_DETACH", "0x0", "0x0")]
    [InlineData(90, "a0=1 a1=9ed a2=0 a3=0", "0x1", "suid,0755", "0x0", "0x0")]
    [InlineData(10, "a0=1 a1=1000 a2=5 a3=0", "0x1", "0x1000", "PROT_READ|PROT_EXEC", "0x0")]
    [InlineData(9, "a0=0 a1=1000 a2=3 a3=22", "0x0", "0x1000", "PROT_READ|PROT_WRITE", "MAP_PRIVATE|MAP_ANONYMOUS")]
    [InlineData(72, "a0=3 a1=2 a2=1 a3=0", "0x3", "F_SETFD", "FD_CLOEXEC", "0x0")]
    [InlineData(16, "a0=0 a1=5413 a2=0 a3=0", "0x0", "TIOCGWINSZ", "0x0", "0x0")]
    [InlineData(157, "a0=18 a1=15 a2=0 a3=0", "PR_CAPBSET_DROP", "sys_admin", "0x0", "0x0")]
    [InlineData(321, "a0=5 a1=0 a2=0 a3=0", "BPF_PROG_LOAD", "0x0", "0x0", "0x0")]
    [InlineData(54, "a0=3 a1=1 a2=2 a3=0", "0x3", "SOL_SOCKET", "SO_REUSEADDR", "0x0")]
    [InlineData(105, "a0=3e8 a1=0 a2=0 a3=0", "alice", "0x0", "0x0", "0x0")]
    [InlineData(0, "a0=3 a1=5 a2=41 a3=0", "0x3", "0x5", "0x41", "0x0")]
    public void Interpret_ArgumentsOfX86Syscall_AreNames(int syscall, string arguments, string a0, string a1, string a2, string a3)
    {
        string body = $"arch=c000003e syscall={syscall} success=yes exit=0 {arguments} items=0";
        Assert.Equal([a0, a1, a2, a3], new[] { "a0", "a1", "a2", "a3" }.Select(a => Interpret("SYSCALL", body, a)));
    }

    [Theory]
    [InlineData("020000500A0000010000000000000000", "{ saddr_fam=inet laddr=10.0.0.1 lport=80 }")]
    [InlineData("0A0001BB0000000020010DB800000000000000000000000100000000", "{ saddr_fam=inet6 laddr=2001:db8::1 lport=443 }")]
    [InlineData("0A00003500000000FE80000000000000000000000000000102000000", "{ saddr_fam=inet6 laddr=fe80::1%2 lport=53 }")]
    [InlineData("0A0000350000000000000000000000000000FFFF0A00000100000000", "{ saddr_fam=inet6 laddr=::ffff:10.0.0.1 lport=53 }")]
    [InlineData("01002F72756E2F736F636B00", "{ saddr_fam=local path=/run/sock }")]
    [InlineData("01000061620063", "{ saddr_fam=local path=@ab\0c }")]
    [InlineData("100000000700000001000000", "{ saddr_fam=netlink nlnk-fam=16 nlnk-pid=7 }")]
    [InlineData("1100080001000000000000000000000000000000", "{ saddr_fam=packet ifindex=1 proto=0x800 }")]
    [InlineData("28000000000400000300000000000000", "{ saddr_fam=vsock cid=3 port=1024 }")]
    [InlineData("1F000000", "{ saddr_fam=bluetooth (unsupported) }")]
    [InlineData("0200", "{ saddr_fam=inet sockaddr len too short }")]
    [InlineData("0000000000000000", "unknown-family(0)")]
    [InlineData("02", null)]
    [InlineData("xyz", null)]
    [InlineData("127.0.0.1", null)]
    public void Interpret_SocketAddress_IsWrittenOut(string saddr, string? meaning) => Assert.Equal(meaning, Interpret("SOCKADDR", "saddr=" + saddr, "saddr"));

    [Theory]
    [InlineData("uid=-2", "uid")]
    [InlineData("uid=4294967296", "uid")]
    [InlineData("uid=1x", "uid")]
    [InlineData("mode=089", "mode")]
    [InlineData("cap_fp=?", "cap_fp")]
    [InlineData("cap_fp=11111111111111111", "cap_fp")]
    [InlineData("exit=-99999", "exit")]
    [InlineData("res=success", "res")]
    [InlineData("sig=abc", "sig")]
    [InlineData("data=0", "data")]
    [InlineData("name=(null)", "name")]
    [InlineData("name=123", "name")]
    [InlineData("notaname=1", "notaname")]
    public void Interpret_SenselessValue_StaysAsItIs(string body, string name) => Assert.Null(Interpret("PATH", body, name));

    [Fact]
    public void Interpret_ContextWithoutSyscall_LeavesArgumentsHexadecimal() => Assert.Equal("0x2", Interpret("SYSCALL", "a0=2", "a0"));
}
