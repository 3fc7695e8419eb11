using System.Buffers.Text;

namespace AksAuditd.Node.Syslog;

/// <summary>What the node's TCP sockets say about one port of the loopback address.</summary>
/// <param name="Listens">Whether a process listens on it. A port of a pod (hostPort) has no listener: the packets are sent on.</param>
/// <param name="Connections">Connections to it that are established.</param>
/// <param name="UnsentBytes">Bytes that the senders of those have written and the other end has not acknowledged.</param>
internal readonly record struct TcpPort(bool Listens, int Connections, long UnsentBytes)
{
    /// <summary>Both together.</summary>
    public static TcpPort operator +(TcpPort a, TcpPort b) => new(a.Listens || b.Listens, a.Connections + b.Connections, a.UnsentBytes + b.UnsentBytes);
}

/// <summary>
/// Reads <c>/proc/PID/net/tcp</c> (proc(5), Documentation/networking/proc_net_tcp.rst): the sockets of that process's network namespace, which is the node's for pid 1 also
/// when this process has another.
/// </summary>
internal static class TcpTable
{
    private const int Established = 1, Listen = 10;

    /// <summary>Looks a port up in the node's network namespace.</summary>
    /// <exception cref="NodeException">The table may not be read.</exception>
    public static TcpPort Look(int port) => Read("/proc/1/net/tcp", port) + Read("/proc/1/net/tcp6", port);

    /// <summary>Looks a port up in a table.</summary>
    /// <param name="lines">Its lines, after the heading.</param>
    /// <param name="port">1 to 65535.</param>
    public static TcpPort Look(ReadOnlySpan<byte> lines, int port)
    {
        TcpPort found = default;
        foreach (Range range in lines.Split((byte)'\n'))
            if (TryRead(lines[range], port, out TcpPort socket)) found += socket;
        return found;
    }

    // "   0: 0100007F:6EAA 00000000:0000 0A 00000000:00000000 …": local and remote address, state, send and receive queue, all hexadecimal.
    private static bool TryRead(ReadOnlySpan<byte> line, int port, out TcpPort socket)
    {
        socket = default;
        Span<Range> words = stackalloc Range[6];
        if (Words(line, words) < 5) return false;
        if (!Utf8Parser.TryParse(line[words[3]], out int state, out _, 'x')) return false;
        if (state == Listen && PortOf(line[words[1]]) == port) socket = new(true, 0, 0);
        else if (state == Established && PortOf(line[words[2]]) == port) socket = new(false, 1, Utf8Parser.TryParse(line[words[4]], out long unsent, out _, 'x') ? unsent : 0);
        else return false;
        return true;
    }

    private static int PortOf(ReadOnlySpan<byte> address) =>
        Utf8Parser.TryParse(address[(address.LastIndexOf((byte)':') + 1)..], out int port, out _, 'x') ? port : -1;

    private static int Words(ReadOnlySpan<byte> line, Span<Range> words)
    {
        int count = 0;
        foreach (Range range in line.Split((byte)' '))
        {
            if (line[range].IsEmpty) continue;
            words[count++] = range;
            if (count == words.Length) break;
        }

        return count;
    }

    private static TcpPort Read(string path, int port)
    {
        if (!NodePath.IsFile(path)) return default;
        try
        {
            return Look(File.ReadAllBytes(path), port);
        }
        catch (UnauthorizedAccessException e)
        {
            throw NodeException.From(e, path, "read");
        }
    }
}
