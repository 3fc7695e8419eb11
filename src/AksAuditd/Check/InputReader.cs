using AksAuditd.Events;
using AksAuditd.Node;
using AksAuditd.Policy;
using LinuxAudit.Plugins;
using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>Reads what was named on the command line, and tells what it is.</summary>
internal sealed class InputReader(Stream standardInput)
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxFileSize = 64 * 1024 * 1024;

    private static readonly string[] PluginKeys = ["active", "direction", "path", "type", "args", "format"];

    private readonly InputSet _set = new();
    private readonly InputGroup _named = new();
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Reads all of them.</summary>
    /// <param name="paths">Files, directories, and <c>-</c> for standard input.</param>
    public InputSet Read(IEnumerable<string> paths)
    {
        _set.Groups.Add(_named);
        foreach (string path in paths)
        {
            if (path == "-") Try("standard input", () => Add("<stdin>", Drain(standardInput), _named, isNamed: true));
            else if (Directory.Exists(path)) Try(path, () => ReadDirectory(path));
            else Try(path, () => AddFile(path, _named, isNamed: true));
        }

        return _set;
    }

    /// <summary>Whether a line sets a key of plugin files: other programs' <c>.conf</c> files may stand beside them.</summary>
    public static bool LooksLikePlugin(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? bytes : bytes[..end]).TrimStart((byte)' ');
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            int equals = line.IndexOf((byte)'=');
            if (equals > 0 && equals < 32 && PluginKeys.Contains(RuleText.FromBytes(line[..equals]).Trim().ToLowerInvariant())) return true;
        }

        return false;
    }

    // As auditd and augenrules read one: not what is in directories below it.
    private void ReadDirectory(string path)
    {
        InputGroup group = new();
        _set.Groups.Add(group);
        List<string> others = [];
        foreach (string file in Directory.EnumerateFiles(path).Order(VersionOrder.Comparer))
        {
            string name = Path.GetFileName(file);
            if (name.StartsWith('.')) continue;
            if (Path.GetExtension(name) is ".rules" or ".conf" or ".yaml" or ".yml")
                Try(file, () => AddFile(file, group, isNamed: false));
            else
                others.Add(file);
        }

        if (!group.Inputs.Exists(i => i.Kind == InputKind.Rules)) return;
        foreach (string file in others) WarnOfStray(file);
    }

    private void WarnOfStray(string path)
    {
        byte[] bytes;
        try
        {
            if (_read.Contains(Path.GetFullPath(path)) || new FileInfo(path).Length is 0 or > FileSet.MaximumFileSize) return;
            bytes = ReadFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nobody asked for this file.
            return;
        }

        string name = Path.GetFileName(path);
        if (!StrayRules.Is(name, RuleText.FromBytes(bytes))) return;
        _set.Files.Add(new(path, bytes));
        _set.Diagnostics.Add(StrayRules.Report(name, new(path, 1, 1, 0)));
    }

    // Once: a file may be named and be in a directory that is named.
    private void AddFile(string path, InputGroup group, bool isNamed)
    {
        if (_read.Add(Path.GetFullPath(path))) Add(path, ReadFile(path), group, isNamed);
    }

    private void Add(string name, byte[] bytes, InputGroup group, bool isNamed)
    {
        TextFile file = new(name, bytes);
        _set.Files.Add(file);
        switch (Path.GetExtension(name))
        {
            case ".yaml" when Path.GetFileName(name) == EventsSettings.FileName && !HasLine(bytes, "apiVersion:"u8):
                group.Inputs.Add(new(name, InputKind.Events, bytes, file, null));
                break;
            case ".yaml" or ".yml" or ".json":
                ConfigMapReader.Read(file, _set);
                break;
            case ".conf" when Path.GetFileName(name) == AuditdConf.FileName:
                group.Inputs.Add(new(name, InputKind.Configuration, bytes, file, null));
                break;
            case ".conf" when !isNamed && !LooksLikePlugin(bytes):
                _set.LeftOut.Add($"{name}: not a plugin file");
                break;
            case ".conf":
                group.Inputs.Add(new(name, InputKind.Plugin, bytes, file, null));
                break;
            case ".rules":
                group.Inputs.Add(new(name, InputKind.Rules, bytes, file, null));
                break;
            default:
                if (LooksLikeYaml(bytes)) ConfigMapReader.Read(file, _set);
                else group.Inputs.Add(new(name, LooksLikePlugin(bytes) ? InputKind.Plugin : InputKind.Rules, bytes, file, null));
                break;
        }
    }

    private static bool LooksLikeYaml(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> start = bytes.TrimStart(" \t\r\n\uFEFF"u8);
        return start.StartsWith("{"u8) || start.StartsWith("---"u8) || HasLine(bytes, "apiVersion:"u8) || HasLine(bytes, "kind:"u8);
    }

    private static bool HasLine(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> start)
    {
        for (int at = 0; at >= 0 && at < bytes.Length;)
        {
            if (bytes[at..].StartsWith(start)) return true;
            int end = bytes[at..].IndexOf((byte)'\n');
            at = end < 0 ? -1 : at + end + 1;
        }

        return false;
    }

    private static byte[] ReadFile(string path)
    {
        // Opening a pipe that nobody writes to would wait for ever. What the shell passes as <(…) has a writer.
        bool fromShell = path.StartsWith("/dev/fd/", StringComparison.Ordinal) || path == "/dev/stdin" || path.StartsWith("/proc/self/fd/", StringComparison.Ordinal);
        if (!fromShell)
        {
            if (!Path.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file or directory");
            string real = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
            if (NodeDirectory.StatPath(real).Kind != EntryKind.Regular) throw new IOException($"{path}: a file or directory is expected; to read a pipe, pass it as standard input");
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Drain(stream);
    }

    private static byte[] Drain(Stream stream)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            all.Write(buffer, 0, read);
            if (all.Length > MaxFileSize) throw new IOException($"larger than {MaxFileSize / 1024 / 1024} MiB");
        }

        return all.ToArray();
    }

    private void Try(string what, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _set.Unreadable.Add(e.Message.StartsWith(what, StringComparison.Ordinal) ? e.Message : $"{what}: {e.Message}");
        }
    }
}
