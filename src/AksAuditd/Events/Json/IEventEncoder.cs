using AksAuditd.Events.Pods;
using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

/// <summary>Makes a line of an event, or several: JSON or records for machines, text for a terminal. One thread.</summary>
internal interface IEventEncoder
{
    /// <summary>True when events of a container with names need a notice of it before them (<see cref="NoticeKind.ContainerSeen"/>).</summary>
    bool NeedsAnnouncements { get; }

    /// <summary>Events of which something is left out, because a line or an event has a bound.</summary>
    long Shortened { get; }

    /// <summary>An event as one line, without its newline; or as a <see cref="Delivery.LineGroup"/>. Valid until the next call.</summary>
    ReadOnlySpan<byte> Encode(AuditEvent auditEvent, EventFacts facts, in ProcessContext context);

    /// <summary>An event of our own in the same way. Valid until the next call.</summary>
    ReadOnlySpan<byte> EncodeNotice(in Notice notice);
}
