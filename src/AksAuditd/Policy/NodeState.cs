using System.Text.Json;
using System.Text.Json.Serialization;
using AksAuditd.Node;
using LinuxAudit.Interop;

namespace AksAuditd.Policy;

/// <summary>What the agent remembers on the node between its lives. Written whole, by staging and renaming: a crash leaves the old or the new.</summary>
internal sealed record NodeState
{
    private const string FileName = "state.json";
    private const int MaximumSize = 16 * 1024 * 1024;

    /// <summary>The last good policy: applied, and verified in the kernel. Null before the first.</summary>
    public GoodPolicy? LastGood { get; init; }

    /// <summary>Every file that we put on the node and have not removed, by path.</summary>
    public IReadOnlyList<string> OwnedFiles { get; init; } = [];

    /// <summary>Files that were put in place for auditd and that it, as far as we know, has not read yet, by path.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>The boot (<see cref="Node.BootId"/>) in which the kernel was last given the policy; null before the first.</summary>
    public string? Boot { get; init; }

    /// <summary>When audit was on for the first time in a boot; null when no agent has seen it on.</summary>
    public AuditStart? AuditStart { get; init; }

    /// <summary>auditd.conf as it was before the first one of ours; null when it is not ours, or when there was none.</summary>
    public GoodFile? AuditdConfBefore { get; init; }

    /// <summary>Since when a policy waits for a reboot because the kernel is locked (<c>-e 2</c>); null when none does.</summary>
    public DateTimeOffset? RebootRequiredSince { get; init; }

    /// <summary>What the agent saw last, and since when; null before the first look.</summary>
    public SeenState? Seen { get; init; }

    /// <summary>When the agent last started auditd because it did not run; null when it never had to.</summary>
    public ServiceStart? AuditdStarted { get; init; }

    /// <summary>The last drifts that were seen, newest last; <see cref="DriftRecord.Most"/> at the most.</summary>
    public IReadOnlyList<DriftRecord> Drifts { get; init; } = [];

    /// <summary>Reads the state; an empty one when there is none.</summary>
    /// <exception cref="NodeException">It is there and cannot be read.</exception>
    public static NodeState Read(string directory)
    {
        using NodeDirectory state = NodeDirectory.OpenOrCreate(directory);
        return Read(state);
    }

    /// <summary>Reads the state without making its directory; an empty one when there is none.</summary>
    /// <exception cref="NodeException">It is there and cannot be read.</exception>
    public static NodeState ReadIfAny(string directory)
    {
        try
        {
            using NodeDirectory state = NodeDirectory.Open(directory);
            return Read(state);
        }
        catch (NodeException e) when (e.Errno == Errno.ENOENT)
        {
            return new();
        }
    }

    private static NodeState Read(NodeDirectory state)
    {
        if (state.Read(FileName, MaximumSize) is not { } json) return new();
        try
        {
            return JsonSerializer.Deserialize(json, StateJson.Default.NodeState) ?? new();
        }
        catch (JsonException e)
        {
            throw new NodeException($"{state.Path}/{FileName}", $"is damaged ({e.Message}); remove it and the policy is applied anew");
        }
    }

    /// <summary>Writes the state.</summary>
    public void Write(string directory)
    {
        using NodeDirectory state = NodeDirectory.OpenOrCreate(directory);
        state.Stage(FileName, JsonSerializer.SerializeToUtf8Bytes(this, StateJson.Default.NodeState), 0x180);
        state.Commit(FileName);
        state.Sync();
    }
}

/// <summary>How the agent found the node.</summary>
/// <param name="Ready">Whether it was as its policy says.</param>
/// <param name="Since">Since when.</param>
internal sealed record SeenState(bool Ready, DateTimeOffset Since);

/// <summary>That auditd did not run, and was started.</summary>
/// <param name="At">When it was started.</param>
/// <param name="LastSeen">When the agent last saw it run before: it ended after that. Null when this agent had not seen it run.</param>
/// <param name="Detail">What there was to say of its end.</param>
internal sealed record ServiceStart(DateTimeOffset At, DateTimeOffset? LastSeen, string Detail);

/// <summary>A policy that this node had whole.</summary>
/// <param name="Hash">Its hash.</param>
/// <param name="AppliedAt">When it was verified for the first time.</param>
/// <param name="Files">Its files by set.</param>
internal sealed record GoodPolicy(string Hash, DateTimeOffset AppliedAt, IReadOnlyList<GoodFile> Files);

/// <summary>A file that is remembered, of a <see cref="GoodPolicy"/> for example; the content is base64 in the file.</summary>
internal sealed record GoodFile(string Set, string Name, string Sha256, byte[] Content)
{
    /// <summary>The file of a policy that it is.</summary>
    public PolicyFile ToFile() => new(Name, Content, Sha256);
}

/// <summary>That the node was found other than its policy says.</summary>
/// <param name="At">When it was seen.</param>
/// <param name="What">What was other, one line.</param>
/// <param name="Who">Who changed it, as far as the audit trail says.</param>
/// <param name="Repaired">Whether it was mended then.</param>
internal sealed record DriftRecord(DateTimeOffset At, string What, string? Who, bool Repaired)
{
    /// <summary>How many are kept.</summary>
    public const int Most = 50;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(NodeState))]
internal sealed partial class StateJson : JsonSerializerContext;
