using AksAuditd.Configuration;
using TestSupport;

namespace AksAuditd.Tests.Configuration;

/// <summary>docs/configuration.md against <see cref="SettingTable"/>: every key has its row, in the same order, and no row is more; so has the chapter on what they do.</summary>
public sealed class ConfigurationDocumentTests
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.File("docs", "configuration.md"));

    [Fact]
    public void Table_Rows_AreTheProgramsOwn()
    {
        IEnumerable<string> expected = SettingTable.Rows.Select(r => $"| `{r.Key}` | `{r.Environment}` |{(r.Default is null ? "" : $" `{r.Default}`")} | {r.Valid.Replace("|", "\\|", StringComparison.Ordinal)} |");
        Assert.Equal(expected, Lines.Where(l => l.StartsWith("| `", StringComparison.Ordinal)));
    }

    [Fact]
    public void WhatTheyDo_Keys_AreAllThere() => Assert.Equal(SettingTable.Rows.Select(r => r.Key).Order(),
        Lines.Where(l => l.StartsWith("- **", StringComparison.Ordinal)).SelectMany(l => l[4..l.IndexOf(".**", StringComparison.Ordinal)].Split(", ")).Order());
}
