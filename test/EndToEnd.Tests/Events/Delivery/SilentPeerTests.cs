using System.Net;
using System.Net.Sockets;
using AksAuditd.Events.Delivery;
using AksAuditd.Events.Delivery.Interop;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Events.Delivery;

/// <summary>A TCP peer that reads nothing is waited for; one that cannot be reached any more is given up. In a network namespace of its own.</summary>
public sealed class SilentPeerTests
{
    [KernelFact]
    public void HasPeerGone_PeerReadsNothing_FalseUntilItCannotBeReached() =>
        Assert.StartsWith("stands still: True; reads again: True; unreachable: no answer: ETIMEDOUT", ChildProcess.Run("silent-peer", "unshare", "--net"), StringComparison.Ordinal);

    internal static string Run()
    {
        AuditMachine.Run("ip", "link", "set", "lo", "up");
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * 1024 };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using SinkSocket sink = new(listener.LocalEndPoint!, SinkCalls.TypeStream, TimeProvider.System) { DeadAfter = TimeSpan.FromSeconds(1) };
        Eventually.True(() => sink.Connect() == SendState.Sent);
        using Socket peer = listener.Accept();
        byte[] bytes = new byte[64 * 1024];

        long sent = 0;
        bool standsStill = Holds(4, () =>
        {
            sent += sink.Send(bytes, out _);
            return !sink.HasPeerGone();
        });
        long received = 0;
        peer.ReceiveTimeout = 5000;
        while (received < sent) received += peer.Receive(bytes);
        bool readsAgain = Holds(1, () => sink.Send(bytes.AsSpan(0, 1), out _) == 1 && !sink.HasPeerGone());

        AuditMachine.Run("iptables", "-A", "INPUT", "-j", "DROP");
        sink.Send(bytes.AsSpan(0, 1), out _);
        Eventually.True(sink.HasPeerGone, 30);
        return $"stands still: {standsStill}; reads again: {readsAgain}; unreachable: {sink.Error}";
    }

    private static bool Holds(int seconds, Func<bool> condition)
    {
        for (int i = 0; i < seconds * 20; i++)
        {
            if (!condition()) return false;
            Thread.Sleep(50);
        }

        return true;
    }
}
