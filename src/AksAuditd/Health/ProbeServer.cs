using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using AksAuditd.Configuration;
using Microsoft.Extensions.Logging;

namespace AksAuditd.Health;

/// <summary>Answers <c>/livez</c>, <c>/readyz</c> and <c>/status</c> over HTTP.</summary>
internal sealed class ProbeServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly NodeStatus _status;
    private readonly Func<bool> _alive;

    private ProbeServer(NodeStatus status, Func<bool> alive)
    {
        _status = status;
        _alive = alive;
    }

    /// <summary>Starts to listen.</summary>
    /// <param name="alive">Whether the agent's loop still turns.</param>
    /// <exception cref="HttpListenerException">The address cannot be had.</exception>
    public static ProbeServer Start(ListenAddress listen, NodeStatus status, Func<bool> alive, ILogger log)
    {
        ProbeServer server = new(status, alive);
        bool any = listen.Address is "0.0.0.0" or "::";
        server._listener.Prefixes.Add($"http://{(any ? "+" : listen.Address.Contains(':') ? $"[{listen.Address}]" : listen.Address)}:{listen.Port}/");
        server._listener.Start();
        _ = server.ServeAsync(log);
        return server;
    }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync(ILogger log)
    {
        while (_listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync().ConfigureAwait(false);
                Answer(context);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException or IOException)
            {
                // A client that went away, or the end.
                if (_listener.IsListening) log.LogDebug("probe: {Reason}", e.Message);
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        StatusReport report = _status.Current;
        (int code, string type, string body) = context.Request.Url?.AbsolutePath switch
        {
            "/livez" => _alive() ? (200, "text/plain", "ok\n") : (503, "text/plain", "the loop has not turned for too long\n"),
            "/readyz" => report.Ready ? (200, "text/plain", report.Skipped.Count == 0 ? "ok\n" : $"ok, degraded: {string.Join("; ", report.Skipped)}\n") : (503, "text/plain", report.Reason + "\n"),
            "/status" => (200, "application/json", JsonSerializer.Serialize(report, ProbeJson.Default.StatusReport) + "\n"),
            _ => (404, "text/plain", "known: /livez /readyz /status\n"),
        };
        context.Response.StatusCode = code;
        context.Response.ContentType = type + "; charset=utf-8";
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(body);
        context.Response.ContentLength64 = bytes.Length;
        if (context.Request.HttpMethod != "HEAD") context.Response.OutputStream.Write(bytes);
        context.Response.Close();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StatusReport))]
internal sealed partial class ProbeJson : JsonSerializerContext;
