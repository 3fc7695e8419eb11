using System.Collections.Immutable;
using LinuxAudit.Rules;

namespace LinuxAudit.Plugins;

/// <summary>
/// Reads auditd.conf as auditd 3.0.9 reads it. Pure and thread safe. Worth being strict about: an auditd that has refused this file on SIGHUP goes on
/// with what it had, but takes over no later one and feeds its plugins no more (3.0.9).
/// </summary>
public static class AuditdConfParser
{
    /// <summary>Reads a file. Never throws for any content; takes time linear in its length.</summary>
    /// <param name="fileName">What the diagnostics call it.</param>
    /// <param name="bytes">The whole content; not kept.</param>
    /// <param name="diagnostics">Everything that is wrong, in order of line; at most 1,000, then AUD011 counts the rest. With an error in it auditd does not start.</param>
    /// <returns>What the lines without an error say.</returns>
    public static AuditdConf Parse(string fileName, ReadOnlySpan<byte> bytes, out ImmutableArray<Diagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        DiagnosticBag bag = new();
        AuditdConfReader reader = new(bag);
        int number = 1;
        for (ReadOnlySpan<byte> rest = bytes; !rest.IsEmpty; number++)
        {
            int end = rest.IndexOf((byte)'\n');
            if (PluginLine.TryRead(fileName, number, end < 0 ? rest : rest[..end], isEnded: end >= 0, bag) is { } line) reader.ReadLine(line);
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        AuditdConf conf = reader.Finish();
        diagnostics = bag.ToImmutable();
        return conf;
    }
}
