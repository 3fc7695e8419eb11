using System.Text;
using AksAuditd.Configuration;
using AksAuditd.Node;

namespace AksAuditd.Policy;

/// <summary>The desired state: one version of every source, read together.</summary>
/// <param name="Sources">One for each <see cref="FileSet"/>, rules first.</param>
/// <param name="Hash">sha256 over the names and hashes of all files, lower-case hex.</param>
/// <param name="Problems">Why it must not be applied; empty when it may.</param>
internal sealed record DesiredPolicy(IReadOnlyList<SourceVersion> Sources, string Hash, IReadOnlyList<string> Problems)
{
    /// <summary>Everything that was left out, one line each.</summary>
    public IEnumerable<string> Warnings => Sources.SelectMany(s => s.Warnings);

    /// <summary>Whether it has a file of a set.</summary>
    public bool Has(string set) => Sources.Any(s => s.Set.Name == set && s.Files.Count > 0);

    /// <summary>What people are told a policy by: the beginning of its hash; one without any file is none.</summary>
    public static string Name(string hash) => hash == Nothing ? "no policy" : $"policy {hash[..12]}";

    private static readonly string Nothing = HashOf([]);

    /// <summary>Reads every source of <paramref name="sets"/>.</summary>
    public static DesiredPolicy Read(IReadOnlyList<FileSet> sets, SyncMode sync, NodeRoot root)
    {
        SourceVersion[] sources = [.. sets.GroupBy(s => s.Source).SelectMany(volume => ConfigMapVolume.Read([.. volume], root))];
        List<string> problems = [.. sources.SelectMany(s => s.Problems)];
        if (sync == SyncMode.Mirror)
        {
            // An empty source is far more often a mistake than an order to empty the node.
            problems.AddRange(sources.Where(s => s.Files.Count == 0 && s.Problems.Count == 0 && s.Set.Only is null)
                .Select(s => $"{s.Set.Source}: has no *{s.Set.Suffix} file; the node keeps what it has"));
        }

        return new(sources, HashOf(sources), problems);
    }

    /// <summary>A policy that this node had whole, from what it remembers.</summary>
    public static DesiredPolicy From(GoodPolicy good, IReadOnlyList<FileSet> sets) => new(
        [
            .. sets.Select(set => new SourceVersion(set,
                [.. good.Files.Where(f => f.Set == set.Name).Select(f => f.ToFile())], [], [])),
        ],
        good.Hash,
        []);

    /// <summary>This policy as it is remembered.</summary>
    public GoodPolicy ToGood(DateTimeOffset appliedAt) => new(Hash, appliedAt,
        [.. Sources.SelectMany(s => s.Files.Select(f => new GoodFile(s.Set.Name, f.Name, f.Sha256, f.Content)))]);

    private static string HashOf(IEnumerable<SourceVersion> sources)
    {
        StringBuilder text = new();
        foreach (SourceVersion source in sources)
        {
            foreach (PolicyFile file in source.Files) text.Append($"{source.Set.Name}/{file.Name} {file.Sha256}\n");
        }

        return Sha256.Hex(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
