using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>Where the text of one ConfigMap entry stands in its YAML file.</summary>
/// <param name="value">The entry's text.</param>
/// <param name="map">Where each of its characters comes from.</param>
/// <param name="yaml">The lines of the YAML.</param>
internal sealed class EntryPlaces(string value, ScalarMap map, TextIndex yaml)
{
    private readonly TextIndex _value = new(value);

    /// <summary>A place in the entry as one in <paramref name="file"/>.</summary>
    public SourceLocation Map(string file, SourceLocation location)
    {
        int start = _value.Find(location.Line, location.Column);
        int end = location.Length == 0 ? start : _value.Find(location.Line, location.Column + location.Length);
        int from = map.ToSource(start);
        return yaml.Locate(file, from, end > start ? map.ToSource(end - 1) + map.WidthAt(end - 1) : from);
    }
}
