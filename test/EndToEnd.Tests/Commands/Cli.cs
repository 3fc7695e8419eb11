using System.Diagnostics;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Commands;

/// <summary>The native binary, run to its end.</summary>
internal sealed record Cli(int ExitCode, string Output, string Error)
{
    public static Cli Run(params string[] arguments) => RunWith("", arguments);

    public static Cli RunWith(string input, params string[] arguments) => Start(AgentProcess.Binary, input, arguments);

    /// <summary>A command line as a person types it, in the repository's root, with the binary on the path.</summary>
    public static Cli Shell(string line) => Start("/bin/bash", "", ["-c", $"PATH={Path.GetDirectoryName(AgentProcess.Binary)}:$PATH; {line}"]);

    private static Cli Start(string program, string input, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = TestSupport.Repository.Root,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(60_000), $"{string.Join(' ', arguments)} did not end within 60 s");
        return new(process.ExitCode, output.Result, error.Result);
    }
}
