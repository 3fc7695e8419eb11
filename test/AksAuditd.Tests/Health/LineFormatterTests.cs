using System.Text.Json;
using AksAuditd.Health;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AksAuditd.Tests.Health;

public sealed class LineFormatterTests
{
    [Fact]
    public void Write_Json_IsOneLineWithValuesByName()
    {
        string line = Write(json: true, LogLevel.Warning, "file \"a\nb\" has 3 rules", [new("File", "a\nb"), new("Count", 3), new("{OriginalFormat}", "…")]);
        Assert.Equal(1, line.Count(c => c == '\n'));
        JsonElement entry = JsonDocument.Parse(line).RootElement;
        Assert.Equal(["time", "level", "msg", "file", "count"], entry.EnumerateObject().Select(p => p.Name));
        Assert.Equal("warn", entry.GetProperty("level").GetString());
        Assert.Equal("a\nb", entry.GetProperty("file").GetString());
        Assert.Equal(3, entry.GetProperty("count").GetInt32());
    }

    [Fact]
    public void Write_Text_EscapesControlCharacters()
    {
        string line = Write(json: false, LogLevel.Error, "bad\e[2Jname\nnext", []);
        Assert.Equal(1, line.Count(c => c == '\n'));
        Assert.Contains("bad\\x1b[2Jname\\x0anext", line, StringComparison.Ordinal);
    }

    private static string Write(bool json, LogLevel level, string message, KeyValuePair<string, object?>[] values)
    {
        StringWriter output = new();
        LogEntry<KeyValuePair<string, object?>[]> entry = new(level, "c", default, values, null, (_, _) => message);
        new LineFormatter(json).Write(entry, null, output);
        return output.ToString();
    }
}
