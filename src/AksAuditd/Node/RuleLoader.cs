namespace AksAuditd.Node;

/// <summary>Gets the node's rule files into the kernel, and reads back what the kernel has.</summary>
internal sealed class RuleLoader(NodeCommand commands)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Loads rules.d into the kernel with augenrules.</summary>
    /// <exception cref="NodeException">A rule was refused; the message has auditctl's word for it.</exception>
    public async Task LoadAsync(CancellationToken cancel)
    {
        CommandResult result = await commands.RunAsync("augenrules", ["--load"], Limit, cancel).ConfigureAwait(false);
        if (result.ExitCode != 0 || result.Error.Contains("There was an error", StringComparison.Ordinal))
            throw new NodeException("augenrules --load", $"failed: {result.LastWords()}");
    }

    /// <summary>The kernel's rules as <c>auditctl -l</c> prints them.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancel)
    {
        CommandResult result = await commands.RunAsync("auditctl", ["-l"], Limit, cancel).ConfigureAwait(false);
        if (result.ExitCode != 0) throw new NodeException("auditctl -l", $"failed: {result.LastWords()}");
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l != "No rules")];
    }
}
