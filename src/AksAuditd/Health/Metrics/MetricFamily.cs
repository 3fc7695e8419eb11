using System.Diagnostics.Metrics;

namespace AksAuditd.Health.Metrics;

/// <summary>All samples of one instrument. Not thread safe.</summary>
internal sealed class MetricFamily
{
    /// <summary>Upper bounds of a histogram's buckets, in seconds: from a rule that changes to a service that has to be started.</summary>
    public static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);
    private readonly long[] _buckets = new long[Bounds.Length];
    private readonly Instrument _instrument;
    private readonly bool _isHistogram;
    private long _count;
    private double _sum;

    public MetricFamily(Instrument instrument)
    {
        _instrument = instrument;
        _isHistogram = instrument is Histogram<double>;
        Type = _isHistogram ? "histogram" : instrument is ObservableCounter<long> or ObservableCounter<double> ? "counter" : "gauge";
    }

    /// <summary>Its name, which is the instrument's.</summary>
    public string Name => _instrument.Name;

    /// <summary>Its type as Prometheus calls it.</summary>
    public string Type { get; }

    /// <summary>Before instruments are observed: what is not observed any more is gone.</summary>
    public void Clear() => _samples.Clear();

    /// <summary>Takes a measurement. What differs only in what labels cannot show counts together: a name may stand once with the same labels.</summary>
    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!_isHistogram)
        {
            string labels = PrometheusText.Labels(tags);
            _samples[labels] = _samples.GetValueOrDefault(labels) + value;
            return;
        }

        (_count, _sum) = (_count + 1, _sum + value);
        for (int i = 0; i < Bounds.Length; i++)
            if (value <= Bounds[i]) _buckets[i]++;
    }

    /// <summary>Writes its samples; nothing when there are none.</summary>
    public void Write(PrometheusText text)
    {
        if (!_isHistogram && _samples.Count == 0) return;
        text.Family(Name, Type, _instrument.Description ?? "");
        foreach ((string labels, double value) in _samples) text.Sample(Name, labels, value);
        if (!_isHistogram) return;
        for (int i = 0; i < Bounds.Length; i++) text.Sample($"{Name}_bucket", $"le=\"{PrometheusText.Number(Bounds[i])}\"", _buckets[i]);
        text.Sample($"{Name}_bucket", "le=\"+Inf\"", _count);
        text.Sample($"{Name}_sum", "", _sum);
        text.Sample($"{Name}_count", "", _count);
    }
}
