using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AksAuditd.Node;

/// <summary>One agent a node: an exclusive lock in the state directory, which ends with the process whatever happens to it.</summary>
internal sealed class NodeLock : IDisposable
{
    private const string Name = "lock";
    private readonly SafeFileHandle _file;

    private NodeLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock; call it on the node thread.</summary>
    /// <param name="stateDirectory">On the node; made when it is not there.</param>
    /// <param name="holder">Who has it, when it could not be had; null otherwise.</param>
    public static NodeLock? TryTake(string stateDirectory, out string? holder)
    {
        using NodeDirectory directory = NodeDirectory.OpenOrCreate(stateDirectory);
        if (directory.TryLock(Name) is { } file)
        {
            holder = null;
            string note = $"pid {Environment.ProcessId} on {Environment.MachineName} since {DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ssZ}";
            NodeDirectory.Overwrite(file, Encoding.UTF8.GetBytes(note + "\n"));
            return new NodeLock(file);
        }

        string words = Encoding.UTF8.GetString(directory.Read(Name, 4096) ?? []).Trim();
        holder = words.Length > 0 ? words : "somebody who left no name";
        return null;
    }

    public void Dispose() => _file.Dispose();
}
