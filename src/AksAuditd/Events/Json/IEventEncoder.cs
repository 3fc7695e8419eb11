using System.Buffers;
using AksAuditd.Events.Pods;
using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

/// <summary>Makes a line of an event: JSON for machines, text for a terminal. One thread.</summary>
internal interface IEventEncoder
{
    /// <summary>Writes an event as one line, without its newline.</summary>
    void Encode(AuditEvent auditEvent, EventFacts facts, in ProcessContext context, IBufferWriter<byte> output);

    /// <summary>Writes an event of our own as one line, without its newline.</summary>
    void EncodeNotice(in Notice notice, IBufferWriter<byte> output);
}
