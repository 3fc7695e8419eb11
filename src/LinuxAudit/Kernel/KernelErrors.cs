using LinuxAudit.Interop;

namespace LinuxAudit.Kernel;

/// <summary>What the kernel was asked when it answered with an error; an error number means different things to different questions.</summary>
public enum KernelCall
{
    /// <summary>Opening the audit socket.</summary>
    Open,
    /// <summary>Joining the multicast group that carries all records.</summary>
    Listen,
    /// <summary>Becoming the audit daemon.</summary>
    BecomeDaemon,
    /// <summary>Reading status, features or the list of rules.</summary>
    Read,
    /// <summary>Setting control values or features.</summary>
    Set,
    /// <summary>Adding a rule.</summary>
    AddRule,
    /// <summary>Deleting a rule.</summary>
    DeleteRule,
    /// <summary>Sending a user-space message.</summary>
    SendMessage,
}

/// <summary>Says what an error number means in answer to an audit request, for people.</summary>
public static class KernelErrors
{
    /// <summary>
    /// One sentence without a final stop, or null when the error number has no meaning beyond its own. Source: <c>kernel/audit.c</c>,
    /// <c>kernel/auditfilter.c</c>, <c>kernel/audit_watch.c</c> and <c>kernel/audit_tree.c</c> of Linux 6.18. Thread-safe.
    /// </summary>
    public static string? Explain(KernelCall call, Errno errno) => (call, errno) switch
    {
        (_, Errno.ECONNREFUSED) => "the kernel's audit system answers only in the initial user namespace, or not at all (audit=0, or built without it)",
        (_, Errno.EPROTONOSUPPORT or Errno.EAFNOSUPPORT) => "this kernel was built without audit",
        (_, Errno.ETIMEDOUT) => "the kernel did not answer in time",
        (_, Errno.EPROTO) => "the kernel's answer is not what linux/audit.h says",
        (_, Errno.ENOBUFS) => "the answer was dropped because the socket's buffer was full; whether the request was carried out must be read back",
        (KernelCall.Listen, Errno.EPERM) => "the multicast group needs CAP_AUDIT_READ in the initial user namespace",
        (KernelCall.SendMessage, Errno.EPERM) => "user-space messages need CAP_AUDIT_WRITE",
        (KernelCall.Read, Errno.EPERM) =>
            "audit control needs CAP_AUDIT_CONTROL, and the kernel answers it only in the initial pid namespace (in a pod: hostPID)",
        (_, Errno.EPERM) =>
            "audit control needs CAP_AUDIT_CONTROL, the kernel answers it only in the initial pid namespace (in a pod: hostPID), "
            + "and after \"-e 2\" nothing can be changed until the next boot",
        (KernelCall.BecomeDaemon, Errno.EEXIST) => "another audit daemon lives; the status names its pid",
        (KernelCall.BecomeDaemon, Errno.EINVAL) => "a process can only register itself as the audit daemon, not another",
        (KernelCall.BecomeDaemon, Errno.EACCES) => "only the audit daemon itself can unregister",
        (KernelCall.Set, Errno.EACCES) => "the feature is locked until the next boot",
        (KernelCall.Set, Errno.EINVAL) => "a value is out of range, or this kernel does not know it",
        (KernelCall.AddRule, Errno.EEXIST) => "the kernel has this rule already",
        (KernelCall.AddRule, Errno.EINVAL) =>
            "this kernel does not accept the rule: it does not know the field, or not with this operator, value or list",
        (KernelCall.AddRule, Errno.ENOENT) => "the directory of the watched path, or the path itself for a directory or executable, does not exist",
        (KernelCall.AddRule, Errno.ENOTDIR) => "a component of the watched path is not a directory",
        (KernelCall.AddRule, Errno.ENOSPC) => "no more watches can be made (fs.inotify and fsnotify limits)",
        (KernelCall.AddRule, Errno.E2BIG or Errno.EMSGSIZE) => "the rule is longer than the kernel takes",
        (KernelCall.AddRule, Errno.EOPNOTSUPP) => "the file system of the path cannot be watched",
        (KernelCall.DeleteRule, Errno.ENOENT) => "the kernel does not have this rule",
        (KernelCall.DeleteRule, Errno.EINVAL) => "this kernel does not accept the rule",
        (_, Errno.ENOMEM) => "the kernel is out of memory",
        _ => null,
    };
}
