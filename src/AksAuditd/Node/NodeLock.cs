using System.Text;
using LinuxAudit.Interop;
using Microsoft.Win32.SafeHandles;

namespace AksAuditd.Node;

/// <summary>One agent a node: an exclusive lock in the state directory, which ends with the process whatever happens to it.</summary>
internal sealed class NodeLock : IDisposable
{
    private const string Name = "lock";
    private const int Attempts = 10;
    private readonly SafeFileHandle _file;

    private NodeLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="stateDirectory">On the node; made when it is not there.</param>
    /// <param name="holder">Who has it, when it could not be had; null otherwise.</param>
    public static NodeLock? TryTake(string stateDirectory, out string? holder)
    {
        using NodeDirectory directory = NodeDirectory.OpenOrCreate(stateDirectory);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (directory.TryLock(Name) is { } file)
            {
                holder = null;
                string note = $"pid {Environment.ProcessId} on {Environment.MachineName} since {DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ssZ}";
                NodeDirectory.Overwrite(file, Encoding.UTF8.GetBytes(note + "\n"));
                return new NodeLock(file);
            }

            // "status" holds it for a moment to see whether somebody does.
            Thread.Sleep(20);
        }

        holder = Note(directory);
        return null;
    }

    /// <summary>Who holds the lock; null when nobody does.</summary>
    public static string? Holder(string stateDirectory)
    {
        try
        {
            using NodeDirectory directory = NodeDirectory.Open(stateDirectory);
            if (directory.Stat(Name) is null) return null;
            using SafeFileHandle? file = directory.TryLock(Name);
            return file is null ? Note(directory) : null;
        }
        catch (NodeException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    private static string Note(NodeDirectory directory)
    {
        string words = Encoding.UTF8.GetString(directory.Read(Name, 4096) ?? []).Trim();
        return words.Length > 0 ? words : "somebody who left no name";
    }

    public void Dispose() => _file.Dispose();
}
