namespace LinuxAudit.Records;

/// <summary>What the value of a field is, told by its name; how its number or string is to be read.</summary>
public enum FieldKind
{
    /// <summary>Nothing to interpret: the value is what is written.</summary>
    Plain = 0,
    /// <summary>A string, possibly in hexadecimal.</summary>
    Text = 1,
    /// <summary>A command line: strings that end with zero bytes, possibly in hexadecimal.</summary>
    ProcessTitle = 2,
    /// <summary>Keys of rules, with a byte 1 between several.</summary>
    Key = 3,
    /// <summary>What was typed, in hexadecimal.</summary>
    TerminalInput = 4,
    /// <summary>A user's number.</summary>
    User = 5,
    /// <summary>A group's number.</summary>
    Group = 6,
    /// <summary>The number of a login session.</summary>
    Session = 7,
    /// <summary>An architecture in hexadecimal.</summary>
    Architecture = 8,
    /// <summary>A system call's number.</summary>
    Syscall = 9,
    /// <summary>A system call's argument in hexadecimal.</summary>
    SyscallArgument = 10,
    /// <summary>A system call's result, a negative errno.</summary>
    Exit = 11,
    /// <summary>1 or 0 for success or failure.</summary>
    Result = 12,
    /// <summary>A set of capabilities in hexadecimal.</summary>
    CapabilitySet = 13,
    /// <summary>A capability's number.</summary>
    Capability = 14,
    /// <summary>A file's type and permissions in octal.</summary>
    Mode = 15,
    /// <summary>A socket address in hexadecimal.</summary>
    SocketAddress = 16,
    /// <summary>Flags in hexadecimal: of mmap, or of a path's look-up.</summary>
    Flags = 17,
    /// <summary>Flags of open, octal or hexadecimal.</summary>
    OpenFlags = 18,
    /// <summary>How openat2 resolved.</summary>
    ResolveFlags = 19,
    /// <summary>A signal's number.</summary>
    Signal = 20,
    /// <summary>What a rule watches for: read 4, write 2, execute 1, attributes 8.</summary>
    Permissions = 21,
    /// <summary>A rule list's number.</summary>
    RuleList = 22,
    /// <summary>An execution domain in hexadecimal.</summary>
    Personality = 23,
    /// <summary>What seccomp did, in hexadecimal.</summary>
    SeccompAction = 24,
    /// <summary>A netfilter family's number.</summary>
    NetfilterFamily = 25,
    /// <summary>A netfilter hook's number.</summary>
    NetfilterHook = 26,
    /// <summary>What netfilter did, a number.</summary>
    NetfilterAction = 27,
    /// <summary>An internet protocol's number.</summary>
    Protocol = 28,
    /// <summary>An ICMP type's number.</summary>
    IcmpType = 29,
    /// <summary>A request of ioctl in hexadecimal.</summary>
    IoctlRequest = 30,
    /// <summary>A device's promiscuity.</summary>
    Promiscuity = 31,
    /// <summary>A multicast group of the audit socket.</summary>
    MulticastGroup = 32,
    /// <summary>An answer of fanotify's listener.</summary>
    FanotifyResponse = 33,
    /// <summary>An operation of io_uring, a number.</summary>
    UringOperation = 34,
}
