using System.Globalization;

namespace AksAuditd.Node;

/// <summary>What auditd says of itself: on SIGCONT it writes its state to a file (auditd(8), since 3.0).</summary>
/// <param name="Version">Its version; null when it did not say.</param>
/// <param name="QueueDepth">Records that wait for plugins.</param>
/// <param name="QueueMaximum">The most there ever were.</param>
/// <param name="QueueSize">How many there may be.</param>
/// <param name="QueueOverflow">Whether the queue has overflowed, that is, plugins missed records.</param>
/// <param name="LoggingSuspended">Whether it has stopped to write its log, for want of space or after an error.</param>
internal sealed record AuditdReport(string? Version, int? QueueDepth, int? QueueMaximum, int? QueueSize, bool? QueueOverflow, bool? LoggingSuspended)
{
    private static readonly string[] Files = ["/run/auditd.state", "/run/audit/auditd.state"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Asks auditd.</summary>
    /// <returns>Null when it does not answer within a second.</returns>
    /// <exception cref="NodeException">It cannot be asked: it does not run, or the signal was denied.</exception>
    public static async Task<AuditdReport?> AskAsync(IAuditService service, CancellationToken cancel)
    {
        Dictionary<string, DateTime> before = Files.ToDictionary(f => f, Written);
        await service.SignalAsync(AuditdSignal.ReportState, cancel).ConfigureAwait(false);
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (Environment.TickCount64 < deadline)
        {
            if (Files.FirstOrDefault(f => Written(f) != before[f]) is { } file && Read(file) is { } lines && Parse(lines) is { QueueSize: not null } report) return report;
            await Task.Delay(10, cancel).ConfigureAwait(false);
        }

        return null;
    }

    private static DateTime Written(string file) => File.GetLastWriteTimeUtc(file);

    private static string[]? Read(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (UnauthorizedAccessException e)
        {
            throw NodeException.From(e, file, "read");
        }
        catch (IOException)
        {
            // It went when auditd did.
            return null;
        }
    }

    private static AuditdReport Parse(string[] lines)
    {
        Dictionary<string, string> values = lines.Select(l => l.Split('=', 2)).Where(p => p.Length == 2)
            .GroupBy(p => p[0].Trim()).ToDictionary(g => g.Key, g => g.Last()[1].Trim(), StringComparer.Ordinal);
        return new(
            values.GetValueOrDefault("audit version"),
            Number("current plugin queue depth"),
            Number("max plugin queue depth used"),
            Number("plugin queue size"),
            Flag("plugin queue overflow detected"),
            Flag("logging suspended"));

        int? Number(string name) => int.TryParse(values.GetValueOrDefault(name), CultureInfo.InvariantCulture, out int value) ? value : null;
        bool? Flag(string name) => values.TryGetValue(name, out string? value) ? value == "yes" : null;
    }
}
