using System.Text.RegularExpressions;
using AksAuditd.Events;
using TestSupport;

namespace AksAuditd.Tests.Events;

/// <summary>The events.yaml that the chart ships, and what the documentation says of it.</summary>
public sealed partial class EventsConfigurationTests
{
    private static readonly string Shipped = File.ReadAllText(Repository.File("deploy", "helm", "aks-auditd", "files", "plugins", "ours", "events.yaml"));
    private static readonly string Documentation = File.ReadAllText(Repository.File("docs", "events-configuration.md"));

    /// <summary>Every key, as the reader itself tells them when it is given one that it does not know.</summary>
    public static TheoryData<string> Keys =>
    [
        .. Known("qqqqqqqqqqqqqqqq: 1"), .. Known("filters: [ { qqqqqqqqqqqqqqqq: { } } ]"), .. Known("filters: [ { sample: { qqqqqqqqqqqqqqqq: 1 } } ]"),
        .. Known("budgets: { qqqqqqqqqqqqqqqq: 1 }"), .. Known("spool: { qqqqqqqqqqqqqqqq: 1 }"),
    ];

    [Fact]
    public void Shipped_AsItIs_SaysOnlyWhereEventsGo()
    {
        EventsSettings settings = Read(Shipped);
        Assert.Equal("syslog:/dev/log?facility=local6&severity=info", settings.To);
        Assert.Equal(new EventsSettings(), settings with { To = "syslog:/dev/log" });
    }

    [Fact]
    public void Shipped_WithEverythingThatIsInComments_HasTheDefaults()
    {
        EventsSettings settings = Read(Commented().Replace(Shipped, "$1"));
        Assert.Equal(3, settings.Filters.Count);
        Assert.Equal("aks-nodepool1-12345678-vmss000000", settings.NodeName);
        Assert.Equal("stdout", settings.EmbeddedTo);
        EventsSettings defaults = new() { EmbeddedTo = settings.EmbeddedTo };
        Assert.Equal(defaults, settings with { To = defaults.To, NodeName = defaults.NodeName, Filters = defaults.Filters });
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Key_OfTheReader_IsInTheShippedFileAndInTheDocumentation(string key)
    {
        Assert.Matches($"\\b{key}\\b", Shipped);
        Assert.Contains($"`{key}`", Documentation, StringComparison.Ordinal);
    }

    private static string[] Known(string text)
    {
        EventsSettingsReader.Read("events.yaml", text, new(), out IReadOnlyList<SettingsMistake> mistakes);
        string message = mistakes[0].Message;
        return message[(message.IndexOf("valid: ", StringComparison.Ordinal) + 7)..].Split(", ");
    }

    private static EventsSettings Read(string text)
    {
        EventsSettings settings = EventsSettingsReader.Read("events.yaml", text, new(), out IReadOnlyList<SettingsMistake> mistakes);
        Assert.Empty(mistakes);
        return settings;
    }

    // A key or an item of a list, and no sentence.
    [GeneratedRegex("^# ((?:[a-zA-Z]+:|  - [a-z]+: \\{).*)$", RegexOptions.Multiline)]
    private static partial Regex Commented();
}
