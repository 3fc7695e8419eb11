using System.Diagnostics;
using LinuxAudit.Interop;

namespace AksAuditd.Node;

/// <summary>What a program on the node answered.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The last few lines it wrote, on one line, for an error message.</summary>
    public string LastWords(int lines = 3) =>
        string.Join(" | ", (Output + '\n' + Error).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(lines));
}

/// <summary>Runs programs of the node: with a clean environment and a time limit, never through a shell.</summary>
internal sealed class NodeCommand
{
    private static readonly string[] Directories = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>The path of a program on the node, or null when it is not installed.</summary>
    /// <exception cref="NodeException">It may not be looked for.</exception>
    public string? Find(string program) =>
        Directories.Select(d => $"{d}/{program}").FirstOrDefault(NodePath.IsFile);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its name; looked up in the node's system directories.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">How long it may take; then it is killed.</param>
    /// <param name="cancel">Kills it as well.</param>
    /// <param name="environment">Variables beside PATH, HOME and LC_ALL.</param>
    /// <exception cref="NodeException">It is not installed, cannot be started, or took too long.</exception>
    public async Task<CommandResult> RunAsync(
        string program, string[] arguments, TimeSpan limit, CancellationToken cancel, params (string Name, string Value)[] environment)
    {
        string path = Find(program) ?? throw new NodeException(program, "is not installed on the node");
        ProcessStartInfo start = new(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["HOME"] = "/root";
        start.Environment["LC_ALL"] = "C";
        foreach ((string name, string value) in environment) start.Environment[name] = value;

        using Process process = Start(start);
        process.StandardInput.Close();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        stop.CancelAfter(limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(stop.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(stop.Token);
            await process.WaitForExitAsync(stop.Token).ConfigureAwait(false);
            return new(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
            throw new NodeException(path, $"took longer than {limit.TotalSeconds:0} s and was killed");
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new NodeException(start.FileName, "start", (Errno)e.NativeErrorCode);
        }
    }
}
