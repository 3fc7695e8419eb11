using System.Text;

namespace AksAuditd.Node;

/// <summary>
/// One more plugin, which reads what it gets and does nothing with it, active while others are switched off and on again. auditd 3.0.9 ends its dispatcher when no plugin
/// is active, and what it starts after that need not stay (found on slow nodes: the plugin got no more events until auditd was started anew).
/// </summary>
internal sealed class PluginHold : IDisposable
{
    /// <summary>Its file among auditd's plugin files. One that a killed process left is removed by <see cref="NodeDirectory.Sweep"/>.</summary>
    public const string FileName = "aks-auditd-hold.conf";

    // Reads its standard input to the end; of coreutils, which every node has. auditd refuses a program that is a link.
    private static readonly string[] Programs = ["/usr/bin/wc", "/bin/wc"];
    private readonly string _directory;

    private PluginHold(string directory) => _directory = directory;

    /// <summary>Puts it in place; auditd has to be told. A node without its program gets none, and goes without.</summary>
    /// <param name="directory">Where plugin files are.</param>
    /// <param name="mode">The permission bits they have.</param>
    /// <exception cref="NodeException">It cannot be written; then nothing is there.</exception>
    public static PluginHold Write(string directory, uint mode)
    {
        if (Array.Find(Programs, IsProgram) is { } program)
        {
            string content = $"""
                # aks-auditd, while it switches other plugins off and on again; it removes this itself
                active = yes
                direction = out
                path = {program}
                type = always
                args = -c
                format = string

                """;
            using NodeDirectory plugins = NodeDirectory.Open(directory);
            plugins.Stage(FileName, Encoding.ASCII.GetBytes(content), mode);
            plugins.Commit(FileName);
        }

        return new(directory);
    }

    /// <summary>Removes it, if it is there; auditd has to be told.</summary>
    /// <exception cref="NodeException">It cannot be removed.</exception>
    public void Dispose()
    {
        using NodeDirectory plugins = NodeDirectory.Open(_directory);
        if (plugins.Stat(FileName) is not { } entry) return;
        plugins.Delete(entry);
        plugins.Sync();
    }

    private static bool IsProgram(string path)
    {
        try
        {
            return NodeDirectory.StatPath(path).Kind == EntryKind.Regular;
        }
        catch (NodeException)
        {
            return false;
        }
    }
}
