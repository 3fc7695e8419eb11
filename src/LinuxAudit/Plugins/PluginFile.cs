using System.Text;

namespace LinuxAudit.Plugins;

/// <summary>What one of auditd's plugin files says. auditd-plugins(5).</summary>
/// <param name="Active">Whether auditd starts it. Default: false.</param>
/// <param name="Path">Its program; null when the file names none.</param>
/// <param name="Arguments">Its arguments with one space between; empty without any.</param>
public sealed record PluginFile(bool Active, string? Path, string Arguments)
{
    /// <summary>The content of the same file, but not active: what auditd has to see for a moment before it starts a plugin with other arguments.</summary>
    public static byte[] Deactivated(byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        string[] lines = Encoding.Latin1.GetString(content).Split('\n');
        for (int i = 0; i < lines.Length; i++)
            if (IsActiveLine(lines[i])) lines[i] = "active = no";
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    private static bool IsActiveLine(string line) =>
        line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries) is [{ } key, ..] && key.Equals("active", StringComparison.OrdinalIgnoreCase);
}
