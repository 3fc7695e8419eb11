using System.Net;
using System.Net.Sockets;
using AksAuditd.Node.Syslog;

namespace AksAuditd.Tests.Node.Syslog;

public sealed class TcpTableTests
{
    private const string Table = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:6EAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 18017 1 0000000000000000 100 0 0 10 0
           1: 0100007F:D2A4 0100007F:6EAA 01 00012345:00000000 01:00000014 00000000     0        0 18018 2 0000000000000000 20 4 0 10 -1
           2: 0100007F:6EAA 0100007F:D2A4 01 00000000:00000000 00:00000000 00000000     0        0 18019 1 0000000000000000 20 4 30 10 -1
           3: 0100007F:D2A6 0100007F:6EAB 02 00000001:00000000 01:00000014 00000000     0        0 18020 2 0000000000000000 100 0 0 10 0
        """;

    [Fact]
    public void Look_ListenerAndConnection_AreFound() => Assert.Equal(new TcpPort(true, 1, 0x12345), TcpTable.Look(System.Text.Encoding.ASCII.GetBytes(Table), 28330));

    [Fact]
    public void Look_ConnectionThatIsNotMade_IsNone() => Assert.Equal(default, TcpTable.Look(System.Text.Encoding.ASCII.GetBytes(Table), 28331));

    [Fact]
    public void Look_RealSockets_AreFound()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        listener.Listen();
        byte[] own = File.ReadAllBytes("/proc/self/net/tcp");
        Assert.Equal(new TcpPort(true, 0, 0), TcpTable.Look(own, port));

        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, port);
        Assert.Equal((true, 1), (TcpTable.Look(File.ReadAllBytes("/proc/self/net/tcp"), port).Listens, TcpTable.Look(File.ReadAllBytes("/proc/self/net/tcp"), port).Connections));

        // Nobody reads: what is written fills both buffers, and then waits.
        client.Blocking = false;
        byte[] block = new byte[64 * 1024];
        while (client.Send(block, 0, block.Length, SocketFlags.None, out SocketError error) > 0 && error == SocketError.Success) continue;
        Assert.True(TcpTable.Look(File.ReadAllBytes("/proc/self/net/tcp"), port).UnsentBytes > 64 * 1024);
    }
}
