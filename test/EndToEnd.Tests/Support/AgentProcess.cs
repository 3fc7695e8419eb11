using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace EndToEnd.Tests.Support;

/// <summary>The native agent as a process, with its log.</summary>
internal sealed class AgentProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new(), _errors = new(), _output = new();
    private bool _disposed;

    private AgentProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, e) => Keep(_errors, e.Data);
        _process.OutputDataReceived += (_, e) => Keep(_output, e.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>The binary that build.sh made.</summary>
    public static string Binary { get; } = Find();

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Every line it wrote so far.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Every line of its standard output so far.</summary>
    public IReadOnlyList<string> Output => [.. _output];

    /// <summary>The messages of the log lines so far.</summary>
    public IReadOnlyList<string> Messages => [.. _errors.Where(l => l.StartsWith('{')).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("msg").GetString()!)];

    public static AgentProcess Start(string[] arguments, IReadOnlyDictionary<string, string> environment) => Start(Binary, arguments, environment);

    public static AgentProcess Start(string program, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Waits until a message contains <paramref name="text"/>, beyond the first <paramref name="after"/> messages.</summary>
    public void WaitForMessage(string text, int after = 0, int seconds = 20) =>
        Eventually.True(() => Messages.Skip(after).Any(m => m.Contains(text, StringComparison.Ordinal)), seconds,
            () => $"no message with '{text}'; the log:\n{string.Join('\n', Lines)}");

    /// <summary>Waits until it says that the node is in sync, beyond the first <paramref name="after"/> messages.</summary>
    public void WaitForSync(int after = 0) =>
        Eventually.True(() => Messages.Skip(after).Any(m => m.StartsWith("in sync: ", StringComparison.Ordinal)), 20,
            () => $"not in sync; the log:\n{string.Join('\n', Lines)}");

    public void Signal(int signal) => AuditMachine.Run("kill", $"-{signal}", $"{Pid}");

    /// <summary>SIGTERM, and how long it took to end.</summary>
    public TimeSpan Stop()
    {
        Stopwatch watch = Stopwatch.StartNew();
        Signal(15);
        Assert.True(_process.WaitForExit(10_000), "did not end within 10 s of SIGTERM");
        return watch.Elapsed;
    }

    /// <summary>Waits for its end.</summary>
    public void WaitForExit(int seconds = 20)
    {
        Assert.True(_process.WaitForExit(seconds * 1000), $"did not end; the log:\n{string.Join('\n', Lines)}");
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Keep(ConcurrentQueue<string> kind, string? line)
    {
        if (line is null) return;
        kind.Enqueue(line);
        _lines.Enqueue(line);
    }

    private static string Find()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Join(directory.FullName, "AksAuditd.slnx"))) directory = directory.Parent;
        string binary = Path.Join(directory?.FullName, "artifacts", "aks-auditd");
        return File.Exists(binary) ? binary : throw new FileNotFoundException("run ./build.sh first", binary);
    }
}
