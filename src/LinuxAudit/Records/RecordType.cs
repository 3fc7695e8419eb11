namespace LinuxAudit.Records;

/// <summary>
/// The type of a record: the number of its netlink message. Only the types that code asks about have a name here;
/// <see cref="RecordTypes"/> knows the names of all. Any other number, cast, is as good a value. Numbers are those of
/// <c>linux/audit.h</c> (kernel 6.18) and, for messages of user space, of audit(8)'s libaudit.
/// </summary>
public enum RecordType : ushort
{
    /// <summary>A name no table knows; the record has it in <see cref="AuditRecord.TypeName"/>.</summary>
    Unknown = 0,
    /// <summary>The login uid of a process was set (<c>LOGIN</c>).</summary>
    Login = 1006,
    /// <summary>First of the messages of user space.</summary>
    FirstUserMessage = 1100,
    /// <summary>An access vector decision taken in user space (<c>USER_AVC</c>).</summary>
    UserAvc = 1107,
    /// <summary>A program of user space changed a configuration (<c>USYS_CONFIG</c>).</summary>
    UsysConfig = 1111,
    /// <summary>Terminal input reported by user space (<c>USER_TTY</c>): its text is in <c>data</c>, not in <c>msg</c>.</summary>
    UserTty = 1124,
    /// <summary>A device was added, changed or removed (<c>USER_DEVICE</c>).</summary>
    UserDevice = 1137,
    /// <summary>Last of the messages of user space.</summary>
    LastUserMessage = 1199,
    /// <summary>First of the messages auditd writes about itself.</summary>
    FirstDaemon = 1200,
    /// <summary>auditd started (<c>DAEMON_START</c>).</summary>
    DaemonStart = 1200,
    /// <summary>auditd stopped (<c>DAEMON_END</c>).</summary>
    DaemonEnd = 1201,
    /// <summary>auditd read its configuration again (<c>DAEMON_CONFIG</c>).</summary>
    DaemonConfig = 1203,
    /// <summary>Last of the messages auditd writes about itself.</summary>
    LastDaemon = 1299,
    /// <summary>A system call (<c>SYSCALL</c>).</summary>
    Syscall = 1300,
    /// <summary>A path a system call used (<c>PATH</c>).</summary>
    Path = 1302,
    /// <summary>A change of the audit system itself (<c>CONFIG_CHANGE</c>).</summary>
    ConfigChange = 1305,
    /// <summary>A socket address a system call used (<c>SOCKADDR</c>).</summary>
    SocketAddress = 1306,
    /// <summary>The working directory (<c>CWD</c>).</summary>
    WorkingDirectory = 1307,
    /// <summary>The arguments of a new program (<c>EXECVE</c>); long ones take several records.</summary>
    Execve = 1309,
    /// <summary>A POSIX message queue was opened (<c>MQ_OPEN</c>).</summary>
    MessageQueueOpen = 1312,
    /// <summary>The target of a signal or a trace (<c>OBJ_PID</c>).</summary>
    ObjectPid = 1318,
    /// <summary>Terminal input (<c>TTY</c>).</summary>
    Tty = 1319,
    /// <summary>Nothing more comes of this event (<c>EOE</c>). auditd passes it on, but does not write it to its log.</summary>
    EndOfEvent = 1320,
    /// <summary>Descriptor and flags of an mmap (<c>MMAP</c>).</summary>
    Mmap = 1323,
    /// <summary>A change of netfilter's rules (<c>NETFILTER_CFG</c>).</summary>
    NetfilterConfig = 1325,
    /// <summary>A seccomp decision (<c>SECCOMP</c>).</summary>
    Seccomp = 1326,
    /// <summary>The command line (<c>PROCTITLE</c>); the last record of a system call's event before <see cref="EndOfEvent"/>.</summary>
    ProcessTitle = 1327,
    /// <summary>A decision of a listener of fanotify (<c>FANOTIFY</c>).</summary>
    Fanotify = 1331,
    /// <summary>A BPF program was loaded or unloaded (<c>BPF</c>).</summary>
    Bpf = 1334,
    /// <summary>A program joined or left the multicast group of the audit socket (<c>EVENT_LISTENER</c>).</summary>
    EventListener = 1335,
    /// <summary>An operation of io_uring (<c>URINGOP</c>).</summary>
    UringOperation = 1336,
    /// <summary>The arguments of openat2 (<c>OPENAT2</c>).</summary>
    OpenAt2 = 1337,
    /// <summary>A decision of a security module: SELinux, AppArmor (<c>AVC</c>).</summary>
    Avc = 1400,
    /// <summary>A network device entered or left promiscuous mode (<c>ANOM_PROMISCUOUS</c>).</summary>
    AnomalyPromiscuous = 1700,
    /// <summary>A process ended by a signal (<c>ANOM_ABEND</c>).</summary>
    AnomalyAbend = 1701,
    /// <summary>A message of the kernel about the audit system (<c>KERNEL</c>).</summary>
    Kernel = 2000,
    /// <summary>First of the second range of messages of user space.</summary>
    FirstUserMessage2 = 2100,
    /// <summary>Last of the second range of messages of user space.</summary>
    LastUserMessage2 = 2999,
}
