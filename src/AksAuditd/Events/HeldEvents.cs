using System.Diagnostics.CodeAnalysis;
using AksAuditd.Events.Pods;
using LinuxAudit.Records;

namespace AksAuditd.Events;

/// <summary>
/// Events of containers whose names are not known yet: they wait a moment, so that the kubelet can write them down. Bounded by count, bytes and
/// time: what has waited long enough goes on without.
/// </summary>
internal sealed class HeldEvents(TimeSpan patience, int maxEvents = 512, int maxBytes = 4 * 1024 * 1024)
{
    private readonly Queue<(AuditEvent Event, ProcessContext Context, long Since)> _held = new();

    public int Count => _held.Count;

    /// <summary>Bytes of their records.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether another one of this size has room.</summary>
    public bool HasRoom(int bytes) => _held.Count < maxEvents && Bytes + bytes <= maxBytes;

    /// <summary>Keeps an event, which belongs to this queue until it is taken.</summary>
    /// <param name="now">Milliseconds of a monotonic clock.</param>
    public void Add(AuditEvent held, in ProcessContext context, long now)
    {
        _held.Enqueue((held, context, now));
        Bytes += held.Length;
    }

    /// <summary>The oldest, when its names are known or it has waited long enough. The caller disposes of it.</summary>
    /// <param name="isNamed">Asks whether the names are known.</param>
    /// <param name="now">Milliseconds of a monotonic clock; <see cref="long.MaxValue"/> takes any.</param>
    public bool TryTake(PodContext isNamed, long now, [NotNullWhen(true)] out AuditEvent? held, out ProcessContext context)
    {
        held = null;
        context = default;
        if (!_held.TryPeek(out (AuditEvent Event, ProcessContext Context, long Since) first)) return false;
        if (now - first.Since < patience.TotalMilliseconds && !isNamed.IsNamed(first.Context)) return false;
        _held.Dequeue();
        Bytes -= first.Event.Length;
        (held, context) = (first.Event, first.Context);
        return true;
    }
}
