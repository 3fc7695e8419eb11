using AksAuditd.Events.Delivery;
using AksAuditd.Events.Json;
using AksAuditd.Events.Pods;
using AksAuditd.Events.Selection;
using AksAuditd.Events.Sources;

namespace AksAuditd.Events;

/// <summary>What a pipeline is made of. Whoever makes them disposes of them.</summary>
internal sealed record PipelineParts
{
    public required IRecordSource Source { get; init; }

    /// <summary>Whether records come as they happen: then time passes by the clock, and not by what is read.</summary>
    public required bool IsLive { get; init; }

    public required PodContext Pods { get; init; }

    public required NodeIdentities Identities { get; init; }

    public required EventSelection Selection { get; init; }

    public required IEventEncoder Encoder { get; init; }

    public required LineDelivery Delivery { get; init; }
}

/// <summary>What becomes different in a pipeline that runs.</summary>
/// <param name="Selection">The filters from now on.</param>
/// <param name="Encoder">Makes the form from now on, when there is the new delivery.</param>
/// <param name="Delivery">Makes the delivery from now on, when the old one has ended; null keeps it.</param>
internal sealed record PipelineChange(EventSelection Selection, Func<IEventEncoder> Encoder, Func<LineDelivery>? Delivery);
