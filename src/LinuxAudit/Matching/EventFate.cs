namespace LinuxAudit.Matching;

/// <summary>What rules make of an event.</summary>
public enum EventFate
{
    /// <summary>A rule records it.</summary>
    Recorded,

    /// <summary>No rule asks for it, but the kernel writes it all the same: about itself, or for a program that sent it.</summary>
    Unasked,

    /// <summary>A <c>never</c> rule comes first.</summary>
    Suppressed,

    /// <summary>No rule asks for it.</summary>
    NotRecorded,

    /// <summary>Its records do not have the system call's, without which no rule can be asked.</summary>
    Incomplete,
}
