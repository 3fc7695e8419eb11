using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AksAuditd.Configuration;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Health;

/// <summary>
/// Answers <c>/livez</c>, <c>/readyz</c>, <c>/metrics</c> and <c>/status</c> over HTTP: one request a connection, GET or HEAD, no body. On sockets, since the framework's listener brings
/// TLS, HTTP/2 and web sockets, a third of the binary, and would load OpenSSL from the node.
/// </summary>
internal sealed class ProbeServer : IDisposable
{
    // Whoever asks slowly, or asks at length, or keeps many connections, is cut off.
    private const int MaximumRequest = 8 * 1024;
    private const int MaximumConnections = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Socket _listener;
    private readonly Func<StatusReport> _status;
    private readonly Func<string>? _metrics;
    private readonly Func<bool> _alive;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _places = new(MaximumConnections);

    private ProbeServer(Socket listener, Func<StatusReport> status, Func<string>? metrics, Func<bool> alive)
    {
        _listener = listener;
        _status = status;
        _metrics = metrics;
        _alive = alive;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Starts to listen.</summary>
    /// <param name="listen">The address and port; port 0 takes a free one.</param>
    /// <param name="status">What is answered.</param>
    /// <param name="metrics">The text of <c>/metrics</c>; null: there are none.</param>
    /// <param name="alive">Whether the agent's loop still turns.</param>
    /// <param name="log">Takes what goes wrong with a client, at level debug.</param>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    public static ProbeServer Start(ListenAddress listen, Func<StatusReport> status, Func<string>? metrics, Func<bool> alive, ILogger log)
    {
        IPAddress address = IPAddress.Parse(listen.Address);
        Socket listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(address, listen.Port));
            listener.Listen(MaximumConnections);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        ProbeServer server = new(listener, status, metrics, alive);
        _ = server.AcceptAsync(log);
        return server;
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync(ILogger log)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await _places.WaitAsync(_end.Token).ConfigureAwait(false);
                Socket client = await _listener.AcceptAsync(_end.Token).ConfigureAwait(false);
                _ = ServeAsync(client, log);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                _places.Release();
                if (_end.IsCancellationRequested) return;

                // Out of descriptors, say: the next attempt must not come at once.
                log.LogDebug("probe: {Reason}", e.Message);
                await Task.Delay(100).ConfigureAwait(false);
            }
        }
    }

    private async Task ServeAsync(Socket client, ILogger log)
    {
        try
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            limit.CancelAfter(Patience);
            if (await ReadRequestAsync(client, limit.Token).ConfigureAwait(false) is not { } request) return;
            for (ReadOnlyMemory<byte> rest = Answer(request); !rest.IsEmpty;)
                rest = rest[await client.SendAsync(rest, limit.Token).ConfigureAwait(false)..];
            client.Shutdown(SocketShutdown.Send);

            // Until the client has closed: a close with unread bytes would reset the connection under the answer.
            byte[] ignored = new byte[512];
            while (await client.ReceiveAsync(ignored, limit.Token).ConfigureAwait(false) > 0) continue;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            log.LogDebug("probe: {Reason}", e.Message);
        }
        finally
        {
            client.Dispose();
            _places.Release();
        }
    }

    /// <summary>Reads the head of a request; null when the client went away before its end or sent too much.</summary>
    private static async Task<string?> ReadRequestAsync(Socket client, CancellationToken cancel)
    {
        byte[] buffer = new byte[MaximumRequest];
        for (int length = 0; length < buffer.Length;)
        {
            int read = await client.ReceiveAsync(buffer.AsMemory(length), cancel).ConfigureAwait(false);
            if (read == 0) return null;
            length += read;
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0) return Encoding.Latin1.GetString(buffer, 0, length);
        }

        return null;
    }

    private byte[] Answer(string request)
    {
        // "GET /readyz?verbose HTTP/1.1"
        string[] line = request[..request.IndexOf('\r')].Split(' ');
        bool valid = line.Length == 3 && line[2].StartsWith("HTTP/1.", StringComparison.Ordinal);
        (string code, string type, string body) = !valid ? ("400 Bad Request", "text/plain", "HTTP/1.1 is spoken here\n")
            : line[0] is not ("GET" or "HEAD") ? ("405 Method Not Allowed", "text/plain", "known: GET HEAD\n")
            : Look(line[1].Split('?')[0]);
        byte[] content = Encoding.UTF8.GetBytes(body);
        byte[] head = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {code}\r\nContent-Type: {type}; charset=utf-8\r\nContent-Length: {content.Length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n");
        return line[0] == "HEAD" ? head : [.. head, .. content];
    }

    private static string Degraded(StatusReport report) => string.Join("; ", [.. report.Skipped, .. report.Delivery.Select(d => $"events do not leave this node: {d}")]);

    private (string Code, string Type, string Body) Look(string path)
    {
        const string Ok = "200 OK", Unavailable = "503 Service Unavailable";
        StatusReport report = _status();
        return path switch
        {
            "/livez" => _alive() ? (Ok, "text/plain", "ok\n") : (Unavailable, "text/plain", "the loop has not turned for too long\n"),
            "/readyz" => report.Ready ? (Ok, "text/plain", Degraded(report) is { Length: > 0 } degraded ? $"ok, degraded: {degraded}\n" : "ok\n") : (Unavailable, "text/plain", report.Reason + "\n"),
            "/status" => (Ok, "application/json", JsonSerializer.Serialize(report, ProbeJson.Default.StatusReport) + "\n"),
            "/metrics" when _metrics is not null => (Ok, Metrics.PrometheusText.ContentType, _metrics()),
            _ => ("404 Not Found", "text/plain", "known: /livez /readyz /metrics /status\n"),
        };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StatusReport))]
internal sealed partial class ProbeJson : JsonSerializerContext;
