namespace AksAuditd.Events;

/// <summary>An <c>events.yaml</c>, read for a command: what is wrong with it goes to standard error.</summary>
internal static class EventsFile
{
    /// <summary>Reads it; null when it is not valid or cannot be read, and then every reason was said, one line each.</summary>
    public static EventsSettings? Read(string path, EventsSettings defaults)
    {
        try
        {
            EventsSettings settings = EventsSettingsReader.Read(path, File.ReadAllText(path), defaults, out IReadOnlyList<string> errors);
            foreach (string error in errors) Console.Error.WriteLine($"aks-auditd: {error}");
            return errors.Count == 0 ? settings : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"aks-auditd: {path}: {e.Message}");
            return null;
        }
    }
}
