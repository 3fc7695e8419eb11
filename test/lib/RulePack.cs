using LinuxAudit.Rules;

namespace TestSupport;

/// <summary>The files of <c>rules/</c>.</summary>
internal static class RulePack
{
    /// <summary>Their names, in the order of loading.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(Repository.File("rules"), "*.rules").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    /// <summary>The path of one.</summary>
    public static string PathOf(string name) => Repository.File("rules", name);

    /// <summary>All of them as a node would load them.</summary>
    public static MergedRules Merge(Machine machine) =>
        RuleMerger.Merge(Names.Select(n => new RuleSource(n, File.ReadAllBytes(PathOf(n)))), new RuleContext { Machine = machine });
}
