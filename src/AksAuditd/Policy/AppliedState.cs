using System.Text.Json;
using System.Text.Json.Serialization;
using AksAuditd.Node;

namespace AksAuditd.Policy;

/// <summary>What the agent remembers on the node between its lives.</summary>
internal sealed record AppliedState
{
    private const string FileName = "state.json";
    private const int MaximumSize = 16 * 1024 * 1024;

    /// <summary>The hash of the policy that was applied last and verified; null before the first.</summary>
    public string? PolicyHash { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? AppliedAt { get; init; }

    /// <summary>Every file that we put on the node and have not removed, by path.</summary>
    public IReadOnlyList<string> OwnedFiles { get; init; } = [];

    /// <summary>The kernel's rules as they were listed after the last load.</summary>
    public IReadOnlyList<string> KernelRules { get; init; } = [];

    /// <summary>Reads the state; an empty one when there is none. Call it on the node thread.</summary>
    /// <exception cref="NodeException">It is there and cannot be read.</exception>
    public static AppliedState Read(string directory)
    {
        using NodeDirectory state = NodeDirectory.OpenOrCreate(directory);
        if (state.Read(FileName, MaximumSize) is not { } json) return new();
        try
        {
            return JsonSerializer.Deserialize(json, StateJson.Default.AppliedState) ?? new();
        }
        catch (JsonException e)
        {
            throw new NodeException($"{directory}/{FileName}", $"is damaged ({e.Message}); remove it and the policy is applied anew");
        }
    }

    /// <summary>Writes the state so that a crash leaves the old one or the new one. Call it on the node thread.</summary>
    public void Write(string directory)
    {
        using NodeDirectory state = NodeDirectory.OpenOrCreate(directory);
        state.Stage(FileName, JsonSerializer.SerializeToUtf8Bytes(this, StateJson.Default.AppliedState), 0x180);
        state.Commit(FileName);
        state.Sync();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(AppliedState))]
internal sealed partial class StateJson : JsonSerializerContext;
