using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace AksAuditd.Health;

/// <summary>Where log lines go: standard error, as JSON, or as text when that is a terminal.</summary>
internal static class Logs
{
    /// <summary>Makes the logger of the process.</summary>
    public static ILoggerFactory Create(LogLevel level)
    {
        // By hand: a container of services to put these four together would be two thirds of what a start costs.
        LoggerFactory factory = new([], new LoggerFilterOptions { MinLevel = level });
        ConsoleLoggerOptions options = new() { FormatterName = LineFormatter.FormatterName, LogToStandardErrorThreshold = LogLevel.Trace };
        factory.AddProvider(new ConsoleLoggerProvider(new Unchanging(options), [new LineFormatter(json: Console.IsErrorRedirected)]));
        return factory;
    }

    private sealed class Unchanging(ConsoleLoggerOptions options) : IOptionsMonitor<ConsoleLoggerOptions>
    {
        public ConsoleLoggerOptions CurrentValue => options;

        public ConsoleLoggerOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<ConsoleLoggerOptions, string?> listener) => null;
    }
}
