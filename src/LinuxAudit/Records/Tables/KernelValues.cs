using LinuxAudit.Rules.Tables;

namespace LinuxAudit.Records;

/// <summary>Names of values of the audit system itself, <c>linux/audit.h</c>, and of <c>linux/fanotify.h</c> and <c>linux/io_uring.h</c>.</summary>
internal static class KernelValues
{
    /// <summary>Lists of rules.</summary>
    internal static readonly ValueNames RuleLists = new(
        """
        0 user
        1 task
        4 exit
        5 exclude
        6 filesystem
        7 io_uring
        """u8);

    /// <summary>Multicast groups of the audit socket.</summary>
    internal static readonly ValueNames MulticastGroups = new(
        """
        0 audit-none
        1 audit-netlink-multicast
        """u8);

    /// <summary>Answers of a listener of fanotify.</summary>
    internal static readonly ValueNames FanotifyResponses = new(
        """
        1 allow
        2 deny
        """u8);

    /// <summary>Operations of io_uring.</summary>
    internal static readonly ValueNames UringOperations = new(UringOperationData.Operations);

    /// <summary>Calls behind socketcall, of 32-bit x86 (<c>linux/net.h</c>).</summary>
    internal static readonly ValueNames SocketCalls = new(
        """
        1 socket
        2 bind
        3 connect
        4 listen
        5 accept
        6 getsockname
        7 getpeername
        8 socketpair
        9 send
        10 recv
        11 sendto
        12 recvfrom
        13 shutdown
        14 setsockopt
        15 getsockopt
        16 sendmsg
        17 recvmsg
        18 accept4
        19 recvmmsg
        20 sendmmsg
        """u8);

    /// <summary>Calls behind ipc, of 32-bit x86 (<c>linux/ipc.h</c>).</summary>
    internal static readonly ValueNames IpcCalls = new(
        """
        1 semop
        2 semget
        3 semctl
        4 semtimedop
        11 msgsnd
        12 msgrcv
        13 msgget
        14 msgctl
        21 shmat
        22 shmdt
        23 shmget
        24 shmctl
        """u8);

    /// <summary>Names of errno.</summary>
    internal static readonly ValueNames Errors = new(ErrnoData.Names);
}
