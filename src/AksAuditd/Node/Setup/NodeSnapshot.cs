using System.Text.Json;
using System.Text.Json.Serialization;
using AksAuditd.Configuration;
using LinuxAudit.Kernel;

namespace AksAuditd.Node.Setup;

/// <summary>
/// What a node looked like, so that it can be given back. Two are kept in the state directory: <see cref="Before"/> the first change, and
/// <see cref="Packaged"/>, with auditd's packages freshly installed and nothing of ours. Each is written once, whole, and never again.
/// </summary>
internal sealed record NodeSnapshot
{
    /// <summary>The file of the node as it was found.</summary>
    public const string Before = "before.json";

    /// <summary>The file of the node with the packages and no more.</summary>
    public const string Packaged = "packaged.json";

    private const int MaximumSize = 64 * 1024 * 1024;

    /// <summary>When it was taken.</summary>
    public DateTimeOffset TakenAt { get; init; }

    /// <summary>auditd's service; null when it is nothing to us, because the agent itself is the audit daemon.</summary>
    public required ServiceSnapshot? Auditd { get; init; }

    /// <summary>The kernel's control values and rules.</summary>
    public required KernelSnapshot Kernel { get; init; }

    /// <summary>The directories whose files the agent may change.</summary>
    public IReadOnlyList<DirectorySnapshot> Directories { get; init; } = [];

    /// <summary>Every installed package, for people: <see cref="InstalledPackages"/> says which are ours. Null when nobody could be asked.</summary>
    public IReadOnlyList<string>? Packages { get; init; }

    /// <summary>Reads one; null when it was never taken.</summary>
    /// <exception cref="NodeException">It is there and cannot be read.</exception>
    public static NodeSnapshot? Read(NodeDirectory state, string name)
    {
        if (state.Read(name, MaximumSize) is not { } json) return null;
        try
        {
            return JsonSerializer.Deserialize(json, SnapshotJson.Default.NodeSnapshot);
        }
        catch (JsonException e)
        {
            throw new NodeException($"{state.Path}/{name}", $"is damaged ({e.Message}): how this node was before is not known");
        }
    }

    /// <summary>
    /// Writes down what the kernel is like before an agent that is the audit daemon changes it for the first time. Does nothing when there is a record, or
    /// when an agent has worked here without one: what it found is not known any more.
    /// </summary>
    public static void RememberKernel(NodeDirectory state, IAuditKernel kernel, bool hasWorked, DateTimeOffset now)
    {
        if (hasWorked || state.Stat(Before) is not null) return;
        new NodeSnapshot { TakenAt = now, Auditd = null, Kernel = KernelSnapshot.Take(kernel) }.Write(state, Before);
    }

    /// <summary>Writes it, so that a power cut leaves all of it or nothing.</summary>
    public void Write(NodeDirectory state, string name)
    {
        state.Stage(name, JsonSerializer.SerializeToUtf8Bytes(this, SnapshotJson.Default.NodeSnapshot), 0x180);
        state.Commit(name);
        state.Sync();
    }
}

/// <summary>auditd's service as it was.</summary>
/// <param name="Installed">Whether there was one.</param>
/// <param name="Enabled">Whether it started at boot; null when that is not known.</param>
/// <param name="Running">Whether it ran.</param>
internal sealed record ServiceSnapshot(bool Installed, bool? Enabled, bool Running);

/// <summary>The kernel's audit state as it was.</summary>
/// <param name="Enabled">0 off, 1 on, 2 locked.</param>
/// <param name="Rules">Each as the kernel lists it.</param>
internal sealed record KernelSnapshot(uint Enabled, uint Failure, uint RateLimit, uint BacklogLimit, uint BacklogWaitTime, IReadOnlyList<byte[]> Rules)
{
    public static KernelSnapshot Take(IAuditKernel kernel)
    {
        AuditStatus status = kernel.ReadStatus();
        return new((uint)status.Enabled, (uint)status.Failure, status.RateLimit, status.BacklogLimit, status.BacklogWaitTime,
            [.. kernel.ReadRules().Select(r => r.Data.ToArray())]);
    }
}

/// <summary>A directory as it was; only regular files count.</summary>
/// <param name="Existed">Whether there was one; when not, there are no files.</param>
internal sealed record DirectorySnapshot(string Path, bool Existed, IReadOnlyList<FileSnapshot> Files)
{
    private const int MaximumFileSize = 8 * 1024 * 1024;

    /// <summary>The directories whose files install and the agent may change, but for the state directory.</summary>
    public static IReadOnlyList<string> PathsOf(Settings settings)
    {
        string[] audit = ["/etc/audit", System.IO.Path.GetDirectoryName(settings.AuditdConf)!, settings.RulesDirectory, settings.PluginsDirectory];
        return [.. (settings.LogAnalyticsWorkspaceId is null ? audit : audit.Append(settings.OmsDirectory)).Distinct()];
    }

    public static DirectorySnapshot Take(string path)
    {
        if (!Directory.Exists(path)) return new(path, false, []);
        using NodeDirectory directory = NodeDirectory.Open(path);
        return new(path, true, [.. directory.List().Where(e => e.Kind == EntryKind.Regular && !e.Name.Contains('\uFFFD')).OrderBy(e => e.Name, StringComparer.Ordinal)
            .Select(e => new FileSnapshot(e.Name, e.Mode, e.Uid, e.Gid, directory.Read(e.Name, MaximumFileSize) ?? []))]);
    }
}

/// <summary>A file as it was; the content is base64 in the snapshot.</summary>
internal sealed record FileSnapshot(string Name, uint Mode, uint Uid, uint Gid, byte[] Content);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(NodeSnapshot))]
[JsonSerializable(typeof(InstalledPackages))]
internal sealed partial class SnapshotJson : JsonSerializerContext;
