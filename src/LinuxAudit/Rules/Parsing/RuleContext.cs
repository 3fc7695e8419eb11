namespace LinuxAudit.Rules;

/// <summary>What rules are read for: a machine, and what is known of its users and files.</summary>
public sealed record RuleContext
{
    /// <summary>The machine of the node: what b32 and b64 mean, and whose system calls a rule without arch means. Default: this machine.</summary>
    public Machine Machine { get; init; } = Machines.Current;

    /// <summary>The node's users and groups. Null (default): names other than root stay as they are (AUD054) and the rule is not resolved.</summary>
    public IIdentityResolver? Identities { get; init; }

    /// <summary>
    /// The node's files: whether a <c>-w</c> path is a directory, and whether the directory of a path exists (AUD065).
    /// Null (default): a path that ends with a slash is a directory, and nothing is missing.
    /// </summary>
    public IPathResolver? Paths { get; init; }
}
