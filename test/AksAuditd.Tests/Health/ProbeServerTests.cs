using System.Net;
using System.Net.Sockets;
using System.Text;
using AksAuditd.Health;
using Microsoft.Extensions.Logging.Abstractions;

namespace AksAuditd.Tests.Health;

public sealed class ProbeServerTests : IDisposable
{
    private readonly NodeStatus _status = new(TimeProvider.System, NullLogger.Instance);
    private readonly ProbeServer _server;
    private readonly HttpClient _client;
    private bool _alive = true;

    public ProbeServerTests()
    {
        _server = ProbeServer.Start(new("127.0.0.1", 0), () => _status.Current, () => "a 1\n", () => _alive, NullLogger.Instance);
        _client = new() { BaseAddress = new($"http://{_server.EndPoint}") };
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Readyz_FollowsTheStatus()
    {
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "no pass has ended yet\n"), await GetAsync("/readyz"));
        _status.Report(problem: null);
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await GetAsync("/readyz"));
        _status.Report("10.rules:3: no such field 'uidd' – ä");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "10.rules:3: no such field 'uidd' – ä\n"), await GetAsync("/readyz?verbose"));
    }

    [Fact]
    public async Task Livez_FollowsTheLoop()
    {
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await GetAsync("/livez"));
        _alive = false;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync("/livez")).Code);
    }

    [Fact]
    public async Task Status_IsJson()
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri("/status", UriKind.Relative), Cancel);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"ready\": false", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Metrics_IsWhatPrometheusReads()
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri("/metrics", UriKind.Relative), Cancel);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("a 1\n", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("GET /readyzz HTTP/1.1\r\n\r\n", "HTTP/1.1 404 ")]
    [InlineData("POST /livez HTTP/1.1\r\nContent-Length: 1\r\n\r\nx", "HTTP/1.1 405 ")]
    [InlineData("HEAD /livez HTTP/1.1\r\n\r\n", "HTTP/1.1 200 ")]
    [InlineData("GET /livez HTTP/1.0\r\n\r\n", "HTTP/1.1 200 ")]
    [InlineData("GET  /livez HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ")]
    [InlineData("\r\n\r\n", "HTTP/1.1 400 ")]
    [InlineData("nonsense\r\n\r\n", "HTTP/1.1 400 ")]
    public async Task Answer_RawRequest_HasStatusLine(string request, string expected) => Assert.StartsWith(expected, await AskRawAsync(request), StringComparison.Ordinal);

    [Fact]
    public async Task Answer_Head_HasNoBody() => Assert.EndsWith("\r\n\r\n", await AskRawAsync("HEAD /livez HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);

    [Fact]
    public async Task Answer_EndlessRequest_IsCutOff() => Assert.Equal("", await AskRawAsync(new string('x', 8 * 1024)));

    [Fact]
    public async Task Answer_RequestInPieces_IsPutTogether()
    {
        using TcpClient client = new();
        await client.ConnectAsync(_server.EndPoint, Cancel);
        foreach (char c in "GET /livez HTTP/1.1\r\n\r\n") await client.GetStream().WriteAsync(new[] { (byte)c }, Cancel);
        using StreamReader reader = new(client.GetStream());
        Assert.EndsWith("ok\n", await reader.ReadToEndAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ManyClientsThatGoAway_StillAnswers()
    {
        for (int i = 0; i < 100; i++)
        {
            using TcpClient client = new();
            await client.ConnectAsync(_server.EndPoint, Cancel);
        }

        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/livez")).Code);
    }

    [Fact]
    public void Start_AddressInUse_Throws() =>
        Assert.Equal(SocketError.AddressAlreadyInUse, Assert.Throws<SocketException>(
            () => ProbeServer.Start(new("127.0.0.1", _server.EndPoint.Port), () => _status.Current, metrics: null, () => true, NullLogger.Instance)).SocketErrorCode);

    private async Task<(HttpStatusCode Code, string Body)> GetAsync(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private async Task<string> AskRawAsync(string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(_server.EndPoint, Cancel);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Cancel);
        byte[] answer = new byte[4096];
        try
        {
            int length = 0;
            for (int read; (read = await client.GetStream().ReadAsync(answer.AsMemory(length), Cancel)) > 0;) length += read;
            return Encoding.UTF8.GetString(answer, 0, length);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
