using System.Globalization;
using AksAuditd.Node.Interop;

namespace AksAuditd.Node;

/// <summary>This process's memory.</summary>
internal static class OwnMemory
{
    /// <summary>
    /// Gives back what is not needed at rest: garbage, and the pages of the program's own file that only the start or a change used. Those stay in the page cache, where
    /// the kernel takes them when it likes, and come back when they are touched. Without /proc nothing happens.
    /// </summary>
    public static void Trim()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            (nint Start, nint Length) mapping = default;
            foreach (string line in File.ReadLines("/proc/self/smaps"))
            {
                // "55c1477f3000-55c147cdb000 r-xp 00014000 fe:01 1234 /usr/local/…" begins a mapping, "Anonymous: 0 kB" and others follow.
                if (char.IsAsciiHexDigitLower(line[0]))
                    mapping = (line.Contains(" r-xp ", StringComparison.Ordinal) || line.Contains(" r--p ", StringComparison.Ordinal)) && line.Contains('/') ? Range(line) : default;

                // What is read-only and yet no longer the file's was relocated by the linker, and would be lost.
                else if (mapping.Length > 0 && line.StartsWith("Anonymous:", StringComparison.Ordinal) && line.EndsWith(" 0 kB", StringComparison.Ordinal))
                    _ = ProcessCalls.Advise(mapping.Start, mapping.Length, ProcessCalls.AdviceDontNeed);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // It only costs memory.
        }
    }

    private static (nint Start, nint Length) Range(string line)
    {
        int dash = line.IndexOf('-'), end = line.IndexOf(' ');
        nint start = nint.Parse(line.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return (start, nint.Parse(line.AsSpan(dash + 1, end - dash - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) - start);
    }
}
