using System.Text.Json;

namespace AksAuditd.Node.Setup;

/// <summary>
/// The packages that our install commands brought, dependencies too: what may be removed again. What somebody else installs between two attempts is not ours.
/// </summary>
internal sealed record InstalledPackages(IReadOnlyList<string> Names)
{
    private const string FileName = "installed.json";

    /// <summary>Reads it; null when nothing was installed.</summary>
    public static InstalledPackages? Read(NodeDirectory state) =>
        state.Read(FileName, 1024 * 1024) is { } json ? JsonSerializer.Deserialize(json, SnapshotJson.Default.InstalledPackages) : null;

    /// <summary>Adds what an install command brought; forgets what is not there any more.</summary>
    /// <param name="state">Where it is kept.</param>
    /// <param name="before">All packages right before the command.</param>
    /// <param name="after">All packages right after it.</param>
    public static void Remember(NodeDirectory state, IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        IReadOnlyList<string> known = Read(state)?.Names ?? [];
        string[] names = [.. known.Union(after.Except(before)).Intersect(after)];
        if (!names.SequenceEqual(known)) new InstalledPackages(names).Write(state);
    }

    private void Write(NodeDirectory state)
    {
        state.Stage(FileName, JsonSerializer.SerializeToUtf8Bytes(this, SnapshotJson.Default.InstalledPackages), 0x180);
        state.Commit(FileName);
        state.Sync();
    }
}
