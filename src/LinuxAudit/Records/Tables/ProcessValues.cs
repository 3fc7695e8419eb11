namespace LinuxAudit.Records;

/// <summary>What processes ask of the kernel: names of the values of <c>signal.h</c>, <c>linux/prctl.h</c>, <c>linux/ptrace.h</c>, <c>linux/sched.h</c>.</summary>
internal static class ProcessValues
{
    /// <summary>Signals of x86 and ARM.</summary>
    internal static readonly ValueNames Signals = new(
        """
        0 SIG0
        1 SIGHUP
        2 SIGINT
        3 SIGQUIT
        4 SIGILL
        5 SIGTRAP
        6 SIGABRT
        7 SIGBUS
        8 SIGFPE
        9 SIGKILL
        10 SIGUSR1
        11 SIGSEGV
        12 SIGUSR2
        13 SIGPIPE
        14 SIGALRM
        15 SIGTERM
        16 SIGSTKFLT
        17 SIGCHLD
        18 SIGCONT
        19 SIGSTOP
        20 SIGTSTP
        21 SIGTTIN
        22 SIGTTOU
        23 SIGURG
        24 SIGXCPU
        25 SIGXFSZ
        26 SIGVTALRM
        27 SIGPROF
        28 SIGWINCH
        29 SIGIO
        30 SIGPWR
        31 SIGSYS
        """u8);

    /// <summary>Flags of clone, unshare and setns; the lowest byte is a signal.</summary>
    internal static readonly ValueNames CloneFlags = new(
        """
        0x100 CLONE_VM
        0x200 CLONE_FS
        0x400 CLONE_FILES
        0x800 CLONE_SIGHAND
        0x1000 CLONE_PIDFD
        0x2000 CLONE_PTRACE
        0x4000 CLONE_VFORK
        0x8000 CLONE_PARENT
        0x10000 CLONE_THREAD
        0x20000 CLONE_NEWNS
        0x40000 CLONE_SYSVSEM
        0x80000 CLONE_SETTLS
        0x100000 CLONE_PARENT_SETTID
        0x200000 CLONE_CHILD_CLEARTID
        0x400000 CLONE_DETACHED
        0x800000 CLONE_UNTRACED
        0x1000000 CLONE_CHILD_SETTID
        0x2000000 CLONE_STOPPED
        0x4000000 CLONE_NEWUTS
        0x8000000 CLONE_NEWIPC
        0x10000000 CLONE_NEWUSER
        0x20000000 CLONE_NEWPID
        0x40000000 CLONE_NEWNET
        0x80000000 CLONE_IO
        """u8);

    /// <summary>Options of prctl.</summary>
    internal static readonly ValueNames PrctlOptions = new(
        """
        1 PR_SET_PDEATHSIG
        2 PR_GET_PDEATHSIG
        3 PR_GET_DUMPABLE
        4 PR_SET_DUMPABLE
        5 PR_GET_UNALIGN
        6 PR_SET_UNALIGN
        7 PR_GET_KEEPCAPS
        8 PR_SET_KEEPCAPS
        9 PR_GET_FPEMU
        10 PR_SET_FPEMU
        11 PR_GET_FPEXC
        12 PR_SET_FPEXC
        13 PR_GET_TIMING
        14 PR_SET_TIMING
        15 PR_SET_NAME
        16 PR_GET_NAME
        19 PR_GET_ENDIAN
        20 PR_SET_ENDIAN
        21 PR_GET_SECCOMP
        22 PR_SET_SECCOMP
        23 PR_CAPBSET_READ
        24 PR_CAPBSET_DROP
        25 PR_GET_TSC
        26 PR_SET_TSC
        27 PR_GET_SECUREBITS
        28 PR_SET_SECUREBITS
        29 PR_SET_TIMERSLACK
        30 PR_GET_TIMERSLACK
        31 PR_TASK_PERF_EVENTS_DISABLE
        32 PR_TASK_PERF_EVENTS_ENABLE
        33 PR_MCE_KILL
        34 PR_MCE_KILL_GET
        35 PR_SET_MM
        36 PR_SET_CHILD_SUBREAPER
        37 PR_GET_CHILD_SUBREAPER
        38 PR_SET_NO_NEW_PRIVS
        39 PR_GET_NO_NEW_PRIVS
        40 PR_GET_TID_ADDRESS
        41 PR_SET_THP_DISABLE
        42 PR_GET_THP_DISABLE
        43 PR_MPX_ENABLE_MANAGEMENT
        44 PR_MPX_DISABLE_MANAGEMENT
        45 PR_SET_FP_MODE
        46 PR_GET_FP_MODE
        47 PR_CAP_AMBIENT
        50 PR_SVE_SET_VL
        51 PR_SVE_GET_VL
        52 PR_GET_SPECULATION_CTRL
        53 PR_SET_SPECULATION_CTRL
        54 PR_PAC_RESET_KEYS
        55 PR_SET_TAGGED_ADDR_CTRL
        56 PR_GET_TAGGED_ADDR_CTRL
        57 PR_SET_IO_FLUSHER
        58 PR_GET_IO_FLUSHER
        59 PR_SET_SYSCALL_USER_DISPATCH
        60 PR_PAC_SET_ENABLED_KEYS
        61 PR_PAC_GET_ENABLED_KEYS
        62 PR_SCHED_CORE
        63 PR_SME_SET_VL
        64 PR_SME_GET_VL
        65 PR_SET_MDWE
        66 PR_GET_MDWE
        67 PR_SET_MEMORY_MERGE
        68 PR_GET_MEMORY_MERGE
        1398164801 PR_SET_VMA
        1499557217 PR_SET_PTRACER
        """u8);

    /// <summary>Requests of ptrace.</summary>
    internal static readonly ValueNames PtraceRequests = new(
        """
        0x0 PTRACE_TRACEME
        0x1 PTRACE_PEEKTEXT
        0x2 PTRACE_PEEKDATA
        0x3 PTRACE_PEEKUSER
        0x4 PTRACE_POKETEXT
        0x5 PTRACE_POKEDATA
        0x6 PTRACE_POKEUSER
        0x7 PTRACE_CONT
        0x8 PTRACE_KILL
        0x9 PTRACE_SINGLESTEP
        0xc PTRACE_GETREGS
        0xd PTRACE_SETREGS
        0xe PTRACE_GETFPREGS
        0xf PTRACE_SETFPREGS
        0x10 PTRACE_ATTACH
        0x11 PTRACE_DETACH
        0x12 PTRACE_GETFPXREGS
        0x13 PTRACE_SETFPXREGS
        0x18 PTRACE_SYSCALL
        0x19 PTRACE_GET_THREAD_AREA
        0x1a PTRACE_SET_THREAD_AREA
        0x1e PTRACE_ARCH_PRCTL
        0x1f PTRACE_SYSEMU
        0x20 PTRACE_SYSEMU_SINGLESTEP
        0x21 PTRACE_SINGLEBLOCK
        0x4200 PTRACE_SETOPTIONS
        0x4201 PTRACE_GETEVENTMSG
        0x4202 PTRACE_GETSIGINFO
        0x4203 PTRACE_SETSIGINFO
        0x4204 PTRACE_GETREGSET
        0x4205 PTRACE_SETREGSET
        0x4206 PTRACE_SEIZE
        0x4207 PTRACE_INTERRUPT
        0x4208 PTRACE_LISTEN
        0x4209 PTRACE_PEEKSIGINFO
        0x420a PTRACE_GETSIGMASK
        0x420b PTRACE_SETSIGMASK
        0x420c PTRACE_SECCOMP_GET_FILTER
        0x420d PTRACE_SECCOMP_GET_METADATA
        0x420e PTRACE_GET_SYSCALL_INFO
        0x420f PTRACE_GET_RSEQ_CONFIGURATION
        0x4210 PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG
        0x4211 PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG
        0x4212 PTRACE_SET_SYSCALL_INFO
        """u8);

    /// <summary>Resources of getrlimit and setrlimit.</summary>
    internal static readonly ValueNames ResourceLimits = new(
        """
        0 RLIMIT_CPU
        1 RLIMIT_FSIZE
        2 RLIMIT_DATA
        3 RLIMIT_STACK
        4 RLIMIT_CORE
        5 RLIMIT_RSS
        6 RLIMIT_NPROC
        7 RLIMIT_NOFILE
        8 RLIMIT_MEMLOCK
        9 RLIMIT_AS
        10 RLIMIT_LOCKS
        11 RLIMIT_SIGPENDING
        12 RLIMIT_MSGQUEUE
        13 RLIMIT_NICE
        14 RLIMIT_RTPRIO
        15 RLIMIT_RTTIME
        """u8);

    /// <summary>Policies of sched_setscheduler.</summary>
    internal static readonly ValueNames Schedulers = new(
        """
        0 SCHED_OTHER
        1 SCHED_FIFO
        2 SCHED_RR
        3 SCHED_BATCH
        5 SCHED_IDLE
        6 SCHED_DEADLINE
        7 SCHED_EXT
        """u8);

    /// <summary>Clocks of clock_settime.</summary>
    internal static readonly ValueNames Clocks = new(
        """
        0 CLOCK_REALTIME
        1 CLOCK_MONOTONIC
        2 CLOCK_PROCESS_CPUTIME_ID
        3 CLOCK_THREAD_CPUTIME_ID
        4 CLOCK_MONOTONIC_RAW
        5 CLOCK_REALTIME_COARSE
        6 CLOCK_MONOTONIC_COARSE
        7 CLOCK_BOOTTIME
        8 CLOCK_REALTIME_ALARM
        9 CLOCK_BOOTTIME_ALARM
        11 CLOCK_TAI
        """u8);

    /// <summary>Execution domains of personality, without their flags.</summary>
    internal static readonly ValueNames Personalities = new(
        """
        0 PER_LINUX
        6 PER_BSD
        8 PER_LINUX32
        12 PER_RISCOS
        15 PER_OSF4
        16 PER_HPUX
        """u8);

    /// <summary>Actions of seccomp: the upper half of its return value.</summary>
    internal static readonly ValueNames SeccompActions = new(
        """
        0x0 kill
        0x30000 trap
        0x50000 errno
        0x7fc00000 user-notify
        0x7ff00000 trace
        0x7ffc0000 log
        0x7fff0000 allow
        0x80000000 kill
        """u8);

    /// <summary>Commands of bpf.</summary>
    internal static readonly ValueNames BpfCommands = new(
        """
        0 BPF_MAP_CREATE
        1 BPF_MAP_LOOKUP_ELEM
        2 BPF_MAP_UPDATE_ELEM
        3 BPF_MAP_DELETE_ELEM
        4 BPF_MAP_GET_NEXT_KEY
        5 BPF_PROG_LOAD
        6 BPF_OBJ_PIN
        7 BPF_OBJ_GET
        8 BPF_PROG_ATTACH
        9 BPF_PROG_DETACH
        10 BPF_PROG_TEST_RUN
        11 BPF_PROG_GET_NEXT_ID
        12 BPF_MAP_GET_NEXT_ID
        13 BPF_PROG_GET_FD_BY_ID
        14 BPF_MAP_GET_FD_BY_ID
        15 BPF_OBJ_GET_INFO_BY_FD
        16 BPF_PROG_QUERY
        17 BPF_RAW_TRACEPOINT_OPEN
        18 BPF_BTF_LOAD
        19 BPF_BTF_GET_FD_BY_ID
        20 BPF_TASK_FD_QUERY
        21 BPF_MAP_LOOKUP_AND_DELETE_ELEM
        22 BPF_MAP_FREEZE
        23 BPF_BTF_GET_NEXT_ID
        24 BPF_MAP_LOOKUP_BATCH
        25 BPF_MAP_LOOKUP_AND_DELETE_BATCH
        26 BPF_MAP_UPDATE_BATCH
        27 BPF_MAP_DELETE_BATCH
        28 BPF_LINK_CREATE
        29 BPF_LINK_UPDATE
        30 BPF_LINK_GET_FD_BY_ID
        31 BPF_LINK_GET_NEXT_ID
        32 BPF_ENABLE_STATS
        33 BPF_ITER_CREATE
        34 BPF_LINK_DETACH
        35 BPF_PROG_BIND_MAP
        36 BPF_TOKEN_CREATE
        """u8);

    /// <summary>Capabilities, <c>linux/capability.h</c>, as audit writes them.</summary>
    internal static readonly ValueNames Capabilities = new(
        """
        0 chown
        1 dac_override
        2 dac_read_search
        3 fowner
        4 fsetid
        5 kill
        6 setgid
        7 setuid
        8 setpcap
        9 linux_immutable
        10 net_bind_service
        11 net_broadcast
        12 net_admin
        13 net_raw
        14 ipc_lock
        15 ipc_owner
        16 sys_module
        17 sys_rawio
        18 sys_chroot
        19 sys_ptrace
        20 sys_pacct
        21 sys_admin
        22 sys_boot
        23 sys_nice
        24 sys_resource
        25 sys_time
        26 sys_tty_config
        27 mknod
        28 lease
        29 audit_write
        30 audit_control
        31 setfcap
        32 mac_override
        33 mac_admin
        34 syslog
        35 wake_alarm
        36 block_suspend
        37 audit_read
        38 perfmon
        39 bpf
        40 checkpoint_restore
        """u8);
}
