using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AksAuditd.Health;

/// <summary>
/// One line an entry: JSON (<c>time</c>, <c>level</c>, <c>msg</c>, then the message's values by name), or text on a terminal. Control characters
/// never reach the output as they are.
/// </summary>
internal sealed class LineFormatter(bool json) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (json) WriteJson(logEntry.LogLevel, message, logEntry.State as IEnumerable<KeyValuePair<string, object?>>, logEntry.Exception, textWriter);
        else WriteText(logEntry.LogLevel, message, logEntry.Exception, textWriter);
    }

    /// <summary>The level's name, as in the setting <c>logLevel</c>.</summary>
    public static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Critical => "fatal",
        LogLevel.Error => "error",
        LogLevel.Warning => "warn",
        LogLevel.Information => "info",
        LogLevel.Debug => "debug",
        _ => "trace",
    };

    private static void WriteJson(
        LogLevel level, string message, IEnumerable<KeyValuePair<string, object?>>? values, Exception? exception, TextWriter output)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("time", DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            writer.WriteString("level", LevelName(level));
            writer.WriteString("msg", message);
            foreach ((string name, object? value) in values ?? [])
            {
                if (name == "{OriginalFormat}") continue;
                string key = char.ToLowerInvariant(name[0]) + name[1..];
                if (value is int number) writer.WriteNumber(key, number);
                else writer.WriteString(key, Convert.ToString(value, CultureInfo.InvariantCulture));
            }

            if (exception is not null) writer.WriteString("exception", exception.ToString());
            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteText(LogLevel level, string message, Exception? exception, TextWriter output)
    {
        string colour = level switch { >= LogLevel.Error => "\e[31m", LogLevel.Warning => "\e[33m", LogLevel.Information => "\e[32m", _ => "\e[2m" };
        output.Write($"{DateTime.Now:HH:mm:ss.fff} {colour}{LevelName(level),-5}\e[0m ");
        foreach (char c in message)
        {
            if (char.IsControl(c)) output.Write($"\\x{(int)c:x2}");
            else output.Write(c);
        }

        output.WriteLine();
        if (exception is not null) output.WriteLine(exception);
    }
}
