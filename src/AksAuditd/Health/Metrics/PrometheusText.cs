using System.Globalization;
using System.Text;

namespace AksAuditd.Health.Metrics;

/// <summary>Writes metrics in Prometheus' text format 0.0.4 (its documentation: "Exposition formats").</summary>
internal sealed class PrometheusText
{
    /// <summary>What the text is called in HTTP.</summary>
    public const string ContentType = "text/plain; version=0.0.4";

    // No key of the kernel is longer; what a program sends may be.
    private const int LongestValue = 256;
    private readonly StringBuilder _text = new();

    /// <summary>Begins a family: all samples of one name stand together.</summary>
    public void Family(string name, string type, string help)
    {
        _text.Append("# HELP ").Append(name).Append(' ');
        Escape(help, quote: false);
        _text.Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    /// <summary>One sample; <paramref name="labels"/> as <see cref="Labels"/> made them.</summary>
    public void Sample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0) _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    /// <summary>Labels as they stand between braces: <c>key="exec",reason="x"</c>.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        PrometheusText labels = new();
        foreach ((string name, object? value) in tags)
        {
            if (labels._text.Length > 0) labels._text.Append(',');
            labels._text.Append(name).Append("=\"");
            string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            labels.Escape(text.Length > LongestValue ? text.AsSpan(0, LongestValue) : text, quote: true);
            labels._text.Append('"');
        }

        return labels._text.ToString();
    }

    /// <summary>A number as Prometheus reads it.</summary>
    public static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    public override string ToString() => _text.ToString();

    private void Escape(ReadOnlySpan<char> text, bool quote)
    {
        foreach (char c in text)
        {
            if (c == '\\') _text.Append(@"\\");
            else if (c == '\n') _text.Append(@"\n");
            else if (c == '"' && quote) _text.Append("\\\"");
            else _text.Append(c);
        }
    }
}
