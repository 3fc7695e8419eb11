using System.Runtime.CompilerServices;
using LinuxAudit.Rules;

namespace EndToEnd.Tests.Rules;

/// <summary>docs/rules.md against the catalogue and the table of differences: neither may have a row more.</summary>
public sealed class RuleDocumentTests
{
    private static readonly string[][] Rows =
        [.. File.ReadAllLines(Path.Combine(Root(), "docs/rules.md")).Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Select(l => l.Trim('|', ' ').Split(" | "))];

    [Fact]
    public void Document_Messages_AreTheCatalogues()
    {
        IEnumerable<string> expected = DiagnosticCatalogue.All.Select(k => $"{k.Code} | {Kind(k)} | {k.Title}");
        Assert.Equal(expected, Rows.Where(r => r[0].StartsWith("AUD", StringComparison.Ordinal)).Select(r => string.Join(" | ", r.Take(3))));
        Assert.All(Rows, r => Assert.True(r[^1].Length > 0));
    }

    [Fact]
    public void Document_Differences_AreThoseTheParityTestKnows()
    {
        IEnumerable<string> expected = KnownDifference.All.Select(d => d.Name).Concat(PrintingQuirks.Names);
        string[] documented = [.. Rows.Select(r => r[0]).Where(r => r is not ("code" or "difference") && !r.StartsWith("AUD", StringComparison.Ordinal))];
        Assert.Equal(expected.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    private static string Kind(DiagnosticKind kind) =>
        (kind.Scope == DiagnosticScope.Node && kind.Severity == DiagnosticSeverity.Error ? "node " : "") + kind.Severity.ToString().ToLowerInvariant();

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(file, "../../../.."));
}
