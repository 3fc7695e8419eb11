using AksAuditd.Events.Pods;
using LinuxAudit.Records;

namespace AksAuditd.Events.Selection;

/// <summary>What becomes of an event that a filter matches.</summary>
internal enum FilterAction
{
    Keep,
    Drop,
    Sample,

    /// <summary>What does not match is dropped; what does is asked about by the filters behind it.</summary>
    DropOthers,
}

/// <summary>Which events a filter means: all that is set has to match; null matches any event.</summary>
internal sealed record EventMatch
{
    /// <summary>One of the rule's keys.</summary>
    public TextPattern? Key { get; init; }

    /// <summary>The path of the executable.</summary>
    public TextPattern? Exe { get; init; }

    /// <summary>The type of one of the event's records: <c>EXECVE</c>, <c>USER_LOGIN</c>.</summary>
    public TextPattern? Type { get; init; }

    /// <summary>The user's name or number, of the process.</summary>
    public TextPattern? User { get; init; }

    /// <summary>The name or number of the user who logged in (auid); <c>unset</c> when nobody had.</summary>
    public TextPattern? Login { get; init; }

    /// <summary>The pod's namespace. An event of the node itself has none, and is matched by no pattern.</summary>
    public TextPattern? Namespace { get; init; }

    /// <summary>The pod's name.</summary>
    public TextPattern? Pod { get; init; }

    /// <summary>The container's name.</summary>
    public TextPattern? Container { get; init; }

    /// <summary>Whether it went well; an event that does not say matches neither.</summary>
    public bool? Success { get; init; }

    /// <summary>Whether it comes from the node itself and not from a container.</summary>
    public bool? Host { get; init; }

    /// <summary>Whether an event is meant.</summary>
    public bool Matches(EventFacts facts, in ProcessContext context, IIdentityNames names) =>
        (Success is not { } success || facts.Success == success)
        && (Host is not { } host || host == (context.Place == ProcessPlace.Host))
        && (Key is null || MatchesKey(facts))
        && (Exe is null || Exe.Matches(facts.Executable))
        && (Type is null || facts.HasType(Type))
        && Matches(Namespace, context.Container?.Namespace)
        && Matches(Pod, context.Container?.Pod)
        && Matches(Container, context.Container?.Name)
        && MatchesUser(User, facts.Uid, names)
        && MatchesUser(Login, facts.AuditUid, names);

    private bool MatchesKey(EventFacts facts)
    {
        for (int i = 0; i < facts.KeyCount; i++)
            if (Key!.Matches(facts.Key(i))) return true;
        return false;
    }

    private static bool Matches(TextPattern? pattern, string? text) => pattern is null || (text is not null && pattern.Matches(text));

    private static bool MatchesUser(TextPattern? pattern, uint id, IIdentityNames names)
    {
        if (pattern is null) return true;
        if (id == EventFacts.None) return pattern.Matches("unset"u8);
        Span<byte> number = stackalloc byte[10];
        return (names.TryGetUser(id, out ReadOnlySpan<byte> name) && pattern.Matches(name))
            || (id.TryFormat(number, out int length) && pattern.Matches(number[..length]));
    }
}

/// <summary>One entry of the list of filters.</summary>
/// <param name="Action">What becomes of the event.</param>
/// <param name="Match">Which events.</param>
/// <param name="OneIn">Of how many one is kept, for <see cref="FilterAction.Sample"/>; at least 2.</param>
internal sealed record EventFilter(FilterAction Action, EventMatch Match, int OneIn = 0);
