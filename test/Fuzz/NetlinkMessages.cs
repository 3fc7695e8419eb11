using LinuxAudit.Kernel;
using LinuxAudit.Rules;

namespace Fuzz;

/// <summary>What comes from the audit socket: headers, answers, status, features, who sent a signal, rules. A damaged message is refused or read, within its bytes.</summary>
internal static class NetlinkMessages
{
    public static void Case(Random random)
    {
        byte[] payload = Mutator.Bytes(random, Payload(random));
        byte[] message = new byte[NetlinkHeader.Size + payload.Length];
        new NetlinkHeader((uint)message.Length, (ushort)random.Next(1000, 2100), 0, 1, 0).Write(message);
        payload.CopyTo(message, NetlinkHeader.Size);
        message = Mutator.Bytes(random, message);
        if (!NetlinkHeader.TryRead(message, out NetlinkHeader header)) return;
        if (!header.TryPayload(message, out ReadOnlySpan<byte> read)) return;
        int length = read.Length;
        FindingException.Unless(length == header.Length - NetlinkHeader.Size && length <= message.Length - NetlinkHeader.Size, () => "a payload beyond the message");
        _ = NetlinkHeader.TryReadAnswer(read, out _);
        _ = AuditStatus.TryRead(read, out _);
        if (read.Length >= AuditFeatures.Size) _ = AuditFeatures.TryRead(read, out _);
        _ = SignalInfo.TryRead(read, out _);
        if (!KernelRule.IsWhole(read, out int whole)) return;
        FindingException.Unless(whole >= KernelRule.HeaderSize && whole <= length, () => "a rule beyond its message");
        KernelRule rule = new(read[..whole].ToArray());
        FindingException.Unless(rule.WithPrepend(true).WithPrepend(false) == rule && rule.GetHashCode() == rule.WithPrepend(true).GetHashCode(), () => "a rule differs from itself");
        if (AuditRule.TryFromWire(rule.Data.Span, out AuditRule? decoded)) _ = decoded.ToText(Machine.X86_64);
    }

    private static byte[] Payload(Random random) => random.Next(3) switch
    {
        0 => Policies.RandomRule(random).ToWire(),
        1 => new byte[AuditStatus.Size],
        _ => [.. Enumerable.Repeat((byte)random.Next(256), random.Next(64))],
    };
}
