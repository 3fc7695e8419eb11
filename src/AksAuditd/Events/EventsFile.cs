namespace AksAuditd.Events;

/// <summary>An <c>events.yaml</c>, read for a command: what is wrong with it goes to standard error.</summary>
internal static class EventsFile
{
    /// <summary>Reads it; null when it is not valid or cannot be read, and then every reason was said, one line each.</summary>
    public static EventsSettings? Read(string path, EventsSettings defaults) => Read(path, defaults, out _);

    /// <param name="error">The first reason; null when it is valid.</param>
    /// <inheritdoc cref="Read(string, EventsSettings)"/>
    public static EventsSettings? Read(string path, EventsSettings defaults, out string? error)
    {
        try
        {
            EventsSettings settings = EventsSettingsReader.Read(path, File.ReadAllText(path), defaults, out IReadOnlyList<SettingsMistake> errors);
            foreach (SettingsMistake mistake in errors) Console.Error.WriteLine($"aks-auditd: {mistake}");
            error = errors.Count == 0 ? null : errors[0].ToString();
            return errors.Count == 0 ? settings : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = $"{path}: {e.Message}";
            Console.Error.WriteLine($"aks-auditd: {error}");
            return null;
        }
    }
}
