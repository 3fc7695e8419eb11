using System.Diagnostics;

namespace AksAuditd.Tests.Events.Delivery;

/// <summary>A file system of a few pages, for a disk that is full. Needs root.</summary>
internal sealed class TinyDisk : IDisposable
{
    public TinyDisk(string path, string size)
    {
        Path = path;
        Directory.CreateDirectory(path);
        Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path);
    }

    public string Path { get; }

    public void Dispose() => Run("umount", "-l", Path);

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
