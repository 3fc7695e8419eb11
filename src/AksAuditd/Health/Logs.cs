using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace AksAuditd.Health;

/// <summary>Where log lines go: standard error, as JSON, or as text when that is a terminal.</summary>
internal static class Logs
{
    /// <summary>Makes the logger of the process.</summary>
    public static ILoggerFactory Create(LogLevel level) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(level);
        builder.AddConsole(options =>
        {
            options.FormatterName = LineFormatter.FormatterName;
            options.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        builder.Services.AddSingleton<ConsoleFormatter>(new LineFormatter(json: Console.IsErrorRedirected));
    });
}
