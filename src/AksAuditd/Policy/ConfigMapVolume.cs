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

    /// <summary>Reads the current version of a source, which is in the container.</summary>
    /// <param name="sets">The sets that have their files there, all of one version; the first answers for what goes wrong.</param>
    /// <param name="root">Where the container is.</param>
    /// <returns>One for each set, in their order.</returns>
    public static IReadOnlyList<SourceVersion> Read(IReadOnlyList<FileSet> sets, NodeRoot root)
    {
        string source = sets[0].Source;
        try
        {
            using NodeDirectory volume = NodeDirectory.Open(source, root.Container);
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                string? version = volume.ReadLink(DataLink);
                IReadOnlyList<SourceVersion>? read = TryRead(sets, root, version);
                if (read is not null && volume.ReadLink(DataLink) == version) return read;
            }

            return Refused(sets, $"{source}: changed {Attempts} times while it was read");
        }
        catch (NodeException e) when (e.Errno == Errno.ENOENT && sets.All(s => s.Only is not null))
        {
            // Nothing that must be there comes from it.
            return [.. sets.Select(s => new SourceVersion(s, [], [], []))];
        }
        catch (NodeException e)
        {
            return Refused(sets, e.Message);
        }
    }

    private static IReadOnlyList<SourceVersion>? TryRead(IReadOnlyList<FileSet> sets, NodeRoot root, string? version)
    {
        string source = sets[0].Source;

        // Only a plain name beside the link is followed.
        if (version is not null && (version.Contains('/') || version is "." or ".."))
            return Refused(sets, $"{source}/{DataLink}: points out of the volume, to '{Printable(version)}'");
        try
        {
            using NodeDirectory directory = NodeDirectory.Open(version is null ? source : $"{source}/{version}", root.Container);
            return ReadFiles(sets, directory, version is not null);
        }
        catch (NodeException e)
        {
            return version is not null && e.Errno == Errno.ENOENT ? null : Refused(sets, e.Message);
        }
    }

    private static List<SourceVersion>? ReadFiles(IReadOnlyList<FileSet> sets, NodeDirectory directory, bool versioned)
    {
        string source = sets[0].Source;
        Dictionary<FileSet, List<PolicyFile>> files = sets.ToDictionary(s => s, _ => new List<PolicyFile>());
        List<string> warnings = [];
        List<string> problems = [];
        try
        {
            foreach (NodeEntry entry in directory.List().OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                if (!versioned && entry.Name.StartsWith("..", StringComparison.Ordinal)) continue;
                string shown = $"{source}/{Printable(entry.Name)}";
                // What is auditd's is of no use where there is none, and no mistake.
                if (sets.All(s => s.Only is { } only && only != entry.Name)) continue;
                if ((sets.FirstOrDefault(s => s.Only == entry.Name) ?? sets.FirstOrDefault(s => s.Owns(entry.Name))) is not { } set)
                {
                    warnings.Add(entry.Name[0] == '.' ? $"{shown}: hidden by its first dot, not read" : $"{shown}: not named *{sets[0].Suffix}, not read");
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
                    files[set].Add(new(entry.Name, content, Sha256.Hex(content)));
                }
            }
        }
        catch (NodeException e)
        {
            if (e.Errno == Errno.ENOENT && versioned) return null;
            problems.Add(e.Message);
        }

        return [.. sets.Select((s, i) => new SourceVersion(s, files[s], i == 0 ? warnings : [], i == 0 ? problems : []))];
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

    private static IReadOnlyList<SourceVersion> Refused(IReadOnlyList<FileSet> sets, string problem) =>
        [.. sets.Select((s, i) => new SourceVersion(s, [], [], i == 0 ? [problem] : []))];
}
