using System.Globalization;

namespace AksAuditd.Events;

/// <summary>Something wrong in an events.yaml.</summary>
/// <param name="Path">What the file is called.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Message">The key, the value, what is valid; one line.</param>
internal sealed record SettingsMistake(string Path, int Line, int Column, string Message)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Path}:{Line}:{Column}: {Message}");
}
