using System.Text.Json;

namespace AksAuditd.Node.Setup;

/// <summary>The packages that came with auditd, dependencies too: what may be removed again. Written once, when they are all there.</summary>
internal sealed record InstalledPackages(IReadOnlyList<string> Names)
{
    private const string FileName = "installed.json";

    /// <summary>Reads it; null when nothing was installed.</summary>
    public static InstalledPackages? Read(NodeDirectory state) =>
        state.Read(FileName, 1024 * 1024) is { } json ? JsonSerializer.Deserialize(json, SnapshotJson.Default.InstalledPackages) : null;

    /// <summary>Writes it whole.</summary>
    public void Write(NodeDirectory state)
    {
        state.Stage(FileName, JsonSerializer.SerializeToUtf8Bytes(this, SnapshotJson.Default.InstalledPackages), 0x180);
        state.Commit(FileName);
        state.Sync();
    }
}
