using System.Diagnostics;

namespace NoEventLost;

/// <summary>Runs the programs that the measurement is about.</summary>
internal static class Shell
{
    /// <summary>Runs to the end; throws with the output when it fails.</summary>
    public static string Run(string file, params string[] arguments)
    {
        using Process process = Start(file, arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output
            : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)}: exit {process.ExitCode}: {output}{error.Result}");
    }

    public static Process Start(string file, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
        ?? throw new InvalidOperationException($"cannot start {file}");

    /// <summary>Asks a process to end and waits until it has; kills it when it does not.</summary>
    public static void Terminate(Process process)
    {
        if (process.HasExited) return;
        Run("kill", "-TERM", $"{process.Id}");
        if (process.WaitForExit(20_000)) return;
        process.Kill();
        process.WaitForExit();
    }
}
