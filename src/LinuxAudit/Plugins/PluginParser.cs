using System.Collections.Immutable;
using LinuxAudit.Rules;

namespace LinuxAudit.Plugins;

/// <summary>Reads auditd's plugin files: the language of auditd-plugins(5), as auditd 3.0.9 reads it. Pure and thread safe.</summary>
public static class PluginParser
{
    /// <summary>Longest line auditd reads, in bytes without its end; it passes over longer ones.</summary>
    public const int MaxLineLength = 158;

    /// <summary>Reads a file. Never throws for any content; takes time linear in its length.</summary>
    /// <param name="fileName">What the diagnostics call it; its last part is checked too.</param>
    /// <param name="bytes">The whole content; not kept.</param>
    /// <param name="diagnostics">Everything that is wrong, in order of line; at most 1,000, then AUD011 counts the rest. With an error in it auditd starts no such plugin.</param>
    /// <returns>What the lines without an error say.</returns>
    public static PluginFile Parse(string fileName, ReadOnlySpan<byte> bytes, out ImmutableArray<Diagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        DiagnosticBag bag = new();
        PluginReader reader = new(fileName, bag);
        reader.CheckName();
        int number = 1;
        for (ReadOnlySpan<byte> rest = bytes; !rest.IsEmpty; number++)
        {
            int end = rest.IndexOf((byte)'\n');
            if (PluginLine.TryRead(fileName, number, end < 0 ? rest : rest[..end], isEnded: end >= 0, bag) is { } line) reader.ReadLine(line);
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        PluginFile plugin = reader.Finish();
        diagnostics = bag.ToImmutable();
        return plugin;
    }
}
