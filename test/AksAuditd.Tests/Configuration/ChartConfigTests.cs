using System.Text.RegularExpressions;
using AksAuditd.Configuration;
using TestSupport;

namespace AksAuditd.Tests.Configuration;

/// <summary>The config.yaml that the chart gives the agent has every key, with the variable and the default that the agent knows, and no other.</summary>
public sealed partial class ChartConfigTests
{
    /// <summary>Key, value as written (null where the key stands in a comment), and the comment above it.</summary>
    private static IReadOnlyList<(string Key, string? Value, string Comment)> Entries { get; } = Parse();

    public static TheoryData<string> Keys => [.. SettingTable.Rows.Select(r => r.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Chart_Key_IsThereWithVariableAndDefault(string key)
    {
        SettingRow row = SettingTable.Rows.Single(r => r.Key == key);
        (string _, string? value, string comment) = Assert.Single(Entries, e => e.Key == key);
        Assert.Contains(row.Environment, Variable().Matches(comment).Select(m => m.Value));
        Assert.Equal(row.Default, value);
    }

    [Fact]
    public void Chart_Keys_AreAllKnownToTheAgent() => Assert.Equal(SettingTable.Rows.Select(r => r.Key).Order(), Entries.Select(e => e.Key).Order());

    [Fact]
    public void Chart_Variables_AreAllKnownToTheAgent() =>
        Assert.Equal(SettingTable.Rows.Select(r => r.Environment).Order(), Entries.SelectMany(e => Variable().Matches(e.Comment).Select(m => m.Value)).Distinct().Order());

    [Fact]
    public void Chart_Keys_AreAllDescribed() => Assert.All(Entries, e => Assert.NotEqual("", Variable().Replace(e.Comment, "").Trim(' ', '#', ',')));

    // Rendered with the chart's default values; that it is what the chart says is another test's business.
    private static List<(string, string?, string)> Parse()
    {
        List<(string, string?, string)> entries = [];
        string comment = "";
        foreach (string indented in File.ReadLines(Repository.File("deploy", "kubernetes", "config.yaml")).SkipWhile(l => !l.StartsWith("  config.yaml: |", StringComparison.Ordinal)).Skip(1))
        {
            string line = indented.Trim();
            if (line.Length == 0) comment = "";
            else if (Entry().Match(line) is { Success: true } match) entries.Add((match.Groups[2].Value, match.Groups[1].Length > 0 ? null : match.Groups[3].Value.Trim('"'), comment));
            else comment += line + " ";
        }

        return entries;
    }

    [GeneratedRegex("^(# )?([a-z][A-Za-z]*): (\\S+)$")]
    private static partial Regex Entry();

    [GeneratedRegex("\\b(AA|LOG)_[A-Z_]+\\b")]
    private static partial Regex Variable();
}
