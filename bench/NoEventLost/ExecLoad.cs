using System.Diagnostics;
using System.Globalization;

namespace NoEventLost;

/// <summary>Processes without end, each with a number of its own.</summary>
public sealed class ExecLoad : IDisposable
{
    private readonly Process _process;

    private ExecLoad(Process process, string tag)
    {
        _process = process;
        Tag = tag;
    }

    /// <summary>What stands before the number in the argument of each process.</summary>
    public string Tag { get; }

    /// <summary>Compiles the load into <paramref name="directory"/>.</summary>
    public static void Compile(string directory)
    {
        string compiler = File.Exists("/usr/bin/gcc") ? "gcc" : "clang", source = AppContext.BaseDirectory;
        Shell.Run(compiler, "-O2", "-o", Path.Combine(directory, "load"), Path.Combine(source, "load.c"));
        Shell.Run(compiler, "-O2", "-nostdlib", "-static", "-o", Path.Combine(directory, "nothing"), Path.Combine(source, "nothing.c"));
    }

    public static ExecLoad Start(string directory, int rate)
    {
        string tag = $"number-{Guid.NewGuid():N}-"[..16] + "-";
        Process process = Shell.Start(Path.Combine(directory, "load"), Path.Combine(directory, "nothing"), $"{rate}", tag);
        return new ExecLoad(process, tag);
    }

    /// <summary>Ends it. How many processes there were, and in how many seconds.</summary>
    public (int Count, double Seconds) Stop()
    {
        Shell.Terminate(_process);
        string[] result = _process.StandardOutput.ReadToEnd().Split(' ');
        if (_process.ExitCode != 0) throw new InvalidOperationException($"the load failed: {_process.StandardError.ReadToEnd()}");
        return (int.Parse(result[0], CultureInfo.InvariantCulture), double.Parse(result[1], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
