using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>What a text is written in.</summary>
internal enum InputKind { Rules, Plugin, Configuration, Events }

/// <summary>A rules file, a plugin file, auditd.conf or events.yaml to check: a file of its own, or an entry of a ConfigMap.</summary>
/// <param name="Name">What it is called while it is read: the file, or the file and the entry's key.</param>
/// <param name="Kind">What it is written in.</param>
/// <param name="Bytes">Its content, as a node would get it.</param>
/// <param name="File">The file it is in.</param>
/// <param name="Places">Where its text stands in that file; null when it is the file.</param>
internal sealed record CheckInput(string Name, InputKind Kind, byte[] Bytes, TextFile File, EntryPlaces? Places)
{
    /// <summary>The place in the file that was given.</summary>
    public SourceLocation Map(SourceLocation location) => Places?.Map(File.Name, location) ?? location;
}

/// <summary>Files that a node would load together: a directory, a ConfigMap, the files named on the command line.</summary>
internal sealed class InputGroup
{
    private readonly Dictionary<string, CheckInput> _byName = new(StringComparer.Ordinal);

    public List<CheckInput> Inputs { get; } = [];

    /// <summary>The input that a place is in; null when there is none.</summary>
    public CheckInput? Find(SourceLocation location)
    {
        if (_byName.Count == 0)
            foreach (CheckInput input in Inputs) _byName.TryAdd(input.Name, input);
        return _byName.GetValueOrDefault(location.File);
    }

    /// <summary>A place in the file that was given, for one in an input.</summary>
    public SourceLocation Map(SourceLocation location) => Find(location)?.Map(location) ?? location;
}

/// <summary>Everything that was given.</summary>
internal sealed class InputSet
{
    public List<InputGroup> Groups { get; } = [];

    /// <summary>The files in the order they were read.</summary>
    public List<TextFile> Files { get; } = [];

    /// <summary>What is wrong with files before their rules are looked at.</summary>
    public List<Diagnostic> Diagnostics { get; } = [];

    /// <summary>What could not be read, and why.</summary>
    public List<string> Unreadable { get; } = [];

    /// <summary>What was found, but is neither rules nor a plugin file.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>Everything to check.</summary>
    public IEnumerable<CheckInput> Inputs => Groups.SelectMany(g => g.Inputs);
}
