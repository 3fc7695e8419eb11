namespace AksAuditd.Commands;

/// <summary>Colours, on a terminal that wants them (no-color.org).</summary>
internal static class Terminal
{
    public static bool HasColours { get; } = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public static string Green(string text) => Paint("32", text);

    public static string Red(string text) => Paint("31", text);

    public static string Yellow(string text) => Paint("33", text);

    public static string Dim(string text) => Paint("2", text);

    public static string Bold(string text) => Paint("1", text);

    private static string Paint(string code, string text) => HasColours ? $"\e[{code}m{text}\e[0m" : text;
}
