using System.Text;
using AksAuditd.Node;
using LinuxAudit.Interop;

namespace AksAuditd.Policy;

/// <summary>One version of one ConfigMap, whole.</summary>
/// <param name="Set">What it is for.</param>
/// <param name="Files">Its files, sorted by name.</param>
/// <param name="Warnings">What was left out and why.</param>
/// <param name="Problems">Why it must not be applied; empty when it may.</param>
internal sealed record SourceVersion(FileSet Set, IReadOnlyList<PolicyFile> Files, IReadOnlyList<string> Warnings, IReadOnlyList<string> Problems);

/// <summary>
/// Reads a ConfigMap volume as the kubelet lays it out: <c>..data</c> is a symbolic link to a directory <c>..2026_…</c> with the files of one
/// version, and is replaced by rename. The link is read once, the files are read from what it named, and the link is read again: had it moved,
/// the old version may have lost files under our hands, so it is read anew. A directory without <c>..data</c> is read as it is.
/// </summary>
internal static class ConfigMapVolume
{
    private const string DataLink = "..data";
    private const int Attempts = 20;

    /// <summary>Reads the current version of <paramref name="set"/>'s source, which is in the container.</summary>
    public static SourceVersion Read(FileSet set, NodeRoot root)
    {
        try
        {
            using NodeDirectory volume = NodeDirectory.Open(set.Source, root.Container);
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                string? version = volume.ReadLink(DataLink);
                SourceVersion? read = TryRead(set, root, version);
                if (read is not null && volume.ReadLink(DataLink) == version) return read;
            }

            return Refused(set, $"{set.Source}: changed {Attempts} times while it was read");
        }
        catch (NodeException e)
        {
            return Refused(set, e.Message);
        }
    }

    private static SourceVersion? TryRead(FileSet set, NodeRoot root, string? version)
    {
        // Only a plain name beside the link is followed.
        if (version is not null && (version.Contains('/') || version is "." or ".."))
            return Refused(set, $"{set.Source}/{DataLink}: points out of the volume, to '{Printable(version)}'");
        try
        {
            using NodeDirectory directory = NodeDirectory.Open(version is null ? set.Source : $"{set.Source}/{version}", root.Container);
            return ReadFiles(set, directory, version is not null);
        }
        catch (NodeException e)
        {
            return version is not null && e.Errno == Errno.ENOENT ? null : Refused(set, e.Message);
        }
    }

    private static SourceVersion? ReadFiles(FileSet set, NodeDirectory directory, bool versioned)
    {
        List<PolicyFile> files = [];
        List<string> warnings = [];
        List<string> problems = [];
        try
        {
            foreach (NodeEntry entry in directory.List().OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                if (!versioned && entry.Name.StartsWith("..", StringComparison.Ordinal)) continue;
                string shown = $"{set.Source}/{Printable(entry.Name)}";
                if (!set.Owns(entry.Name))
                {
                    warnings.Add($"{shown}: not a *{set.Suffix} file, left out");
                }
                else if (WrongName(entry) is { } wrong)
                {
                    problems.Add($"{shown}: refused: {wrong}");
                }
                else if (entry.Kind != EntryKind.Regular)
                {
                    problems.Add($"{shown}: refused: {Describe(entry.Kind)}, and a regular file is expected");
                }
                else
                {
                    byte[]? read = directory.Read(entry.Name, FileSet.MaximumFileSize);
                    if (read is null) return null;
                    byte[] content = FileSet.Normalize(read);
                    files.Add(new(entry.Name, content, Sha256.Hex(content)));
                }
            }
        }
        catch (NodeException e)
        {
            if (e.Errno == Errno.ENOENT && versioned) return null;
            problems.Add(e.Message);
        }

        return new(set, files, warnings, problems);
    }

    /// <summary>A name with everything that could break a line or a terminal shown as an escape.</summary>
    public static string Printable(string name)
    {
        StringBuilder text = new(name.Length);
        foreach (char c in name)
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029' || char.IsSurrogate(c)) text.Append($"\\u{(int)c:x4}");
            else text.Append(c);
        }

        return text.ToString();
    }

    private static string? WrongName(NodeEntry entry) =>
        entry.Name.Contains('\uFFFD') ? "its name is not UTF-8"
        : entry.Name.Any(char.IsControl) ? "its name has a control character"
        : entry.Name.Contains("..", StringComparison.Ordinal) ? "its name has '..'"
        : entry.RawName.Length > 200 ? "its name is longer than 199 bytes"
        : null;

    /// <summary>What stands where a file should be.</summary>
    public static string Describe(EntryKind kind) => kind switch
    {
        EntryKind.SymbolicLink => "it is a symbolic link",
        EntryKind.Directory => "it is a directory",
        EntryKind.Regular => "it is a file",
        _ => "it is a socket, pipe or device",
    };

    private static SourceVersion Refused(FileSet set, string problem) => new(set, [], [], [problem]);
}
