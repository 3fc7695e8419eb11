using System.Text;
using AksAuditd.Node.Interop;

namespace AksAuditd.Tests.Support;

/// <summary>
/// Writes a ConfigMap volume the way the kubelet's AtomicWriter does: a directory for each version, <c>..data</c> a link to it that is replaced
/// by rename, one link a file beside it, and the old version removed afterwards.
/// </summary>
internal sealed class VolumeWriter
{
    private readonly string _path;
    private int _version;

    public VolumeWriter(string path)
    {
        _path = path;
        Directory.CreateDirectory(path);
    }

    public string Path => _path;

    /// <summary>Swaps in a version with these files.</summary>
    public void Swap(params (string Name, string Content)[] files)
    {
        string version = $"..2026_11_22_00_00_00.{++_version}";
        Directory.CreateDirectory($"{_path}/{version}");
        foreach ((string name, string content) in files) File.WriteAllText($"{_path}/{version}/{name}", content);

        string data = $"{_path}/..data";
        string? old = new FileInfo(data).LinkTarget;
        File.CreateSymbolicLink($"{_path}/..data_tmp", version);
        Assert.Equal(0, FileCalls.RenameAt(FileCalls.AtFdCwd, Encoding.UTF8.GetBytes($"{_path}/..data_tmp\0"), FileCalls.AtFdCwd, Encoding.UTF8.GetBytes($"{data}\0")));
        foreach ((string name, _) in files)
        {
            if (new FileInfo($"{_path}/{name}").LinkTarget is null) File.CreateSymbolicLink($"{_path}/{name}", $"..data/{name}");
        }

        foreach (string link in Directory.GetFileSystemEntries(_path).Where(e => !System.IO.Path.GetFileName(e).StartsWith("..", StringComparison.Ordinal)))
        {
            if (!files.Any(f => f.Name == System.IO.Path.GetFileName(link))) File.Delete(link);
        }

        if (old is not null) Directory.Delete($"{_path}/{old}", recursive: true);
    }

    /// <summary>The directory of the current version, to plant things in.</summary>
    public string Current => $"{_path}/{new FileInfo($"{_path}/..data").LinkTarget}";
}
