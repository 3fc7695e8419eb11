using System.Diagnostics.Metrics;

namespace AksAuditd.Health.Metrics;

/// <summary>Listens to one meter and says what it measured, for <c>/metrics</c>. Thread safe.</summary>
internal sealed class MetricsCollector : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<MetricFamily> _families = [];
    private readonly MeterListener _listener = new();

    /// <summary>Listens from now on.</summary>
    /// <param name="meter">The meter itself: another of the same name is not heard.</param>
    public MetricsCollector(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter != meter) return;
            MetricFamily family = new(instrument);
            lock (_lock) _families.Add(family);
            listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Take((MetricFamily)family!, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Take((MetricFamily)family!, value, tags));
        _listener.Start();
    }

    /// <summary>The families that it heard of: name and type.</summary>
    public IReadOnlyList<(string Name, string Type)> Families
    {
        get
        {
            lock (_lock) return [.. _families.Select(f => (f.Name, f.Type))];
        }
    }

    /// <summary>Everything as it is now, in Prometheus' text format.</summary>
    public string Collect()
    {
        lock (_lock)
        {
            foreach (MetricFamily family in _families) family.Clear();
            _listener.RecordObservableInstruments();
            PrometheusText text = new();
            foreach (MetricFamily family in _families) family.Write(text);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Take(MetricFamily family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_lock) family.Take(value, tags);
    }
}
