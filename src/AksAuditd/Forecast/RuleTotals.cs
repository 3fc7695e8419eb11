namespace AksAuditd.Forecast;

/// <summary>Adds up events.</summary>
internal sealed class RuleTotals
{
    private const double SecondsADay = 86_400, Gigabyte = 1e9;

    public long Events { get; private set; }

    public long RecordBytes { get; private set; }

    public long JsonBytes { get; private set; }

    /// <summary>Events that may belong here too.</summary>
    public long Possible { get; set; }

    public void Add(long recordBytes, long jsonBytes, long events = 1)
    {
        Events += events;
        RecordBytes += recordBytes;
        JsonBytes += jsonBytes;
    }

    public void Add(RuleTotals other) => Add(other.RecordBytes, other.JsonBytes, other.Events);

    /// <summary>What it is a day.</summary>
    /// <param name="seconds">How long the log is.</param>
    public ForecastCost Over(double seconds) =>
        new(Events, Events / seconds * SecondsADay, RecordBytes / seconds * SecondsADay / Gigabyte, JsonBytes / seconds * SecondsADay / Gigabyte);
}
