namespace AksAuditd.Node;

/// <summary>The version of the audit tools on the node, which is auditd's.</summary>
internal sealed class AuditdVersion(NodeCommand commands)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Asks <c>auditctl -v</c>: "auditctl version 3.0.9". 0.0 when it does not say.</summary>
    public async Task<Version> GetAsync(CancellationToken cancel)
    {
        CommandResult result = await commands.RunAsync("auditctl", ["-v"], Limit, cancel).ConfigureAwait(false);
        string word = result.Output.Trim().Split(' ')[^1];
        int end = word.AsSpan().IndexOfAnyExcept("0123456789.");
        return Version.TryParse(end < 0 ? word : word[..end], out Version? version) ? version : new Version(0, 0);
    }
}
