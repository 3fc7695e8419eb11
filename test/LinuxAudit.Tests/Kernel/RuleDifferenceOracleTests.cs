using LinuxAudit.Kernel;
using static TestSupport.RuleBytes;

namespace LinuxAudit.Tests.Kernel;

/// <summary>
/// That no shorter way exists: a search through every state of the kernel's list, by brute force, for all pairs of lists of up to three rules. The
/// search may add, at either end, and delete every rule and every understudy, in any order; the only states it may not enter are those that lose an event, and those in
/// which a recording rule that stays wanted is absent and its understudy too.
/// </summary>
public sealed class RuleDifferenceOracleTests(ITestOutputHelper output)
{
    private const int Rules = 3;

    // The user list records what no rule matches, the exit list does not.
    [Theory]
    [InlineData(Exit, false)]
    [InlineData(User, true)]
    public void Steps_AllListsOfThreeRules_AreTheFewestThatLoseNothing(uint list, bool byDefault)
    {
        int pairs = 0;
        int[][] lists = [.. Arrangements([0, 1, 2])];
        for (int suppressors = 0; suppressors < 1 << Rules; suppressors++)
        {
            KernelRule[] rules = [.. Enumerable.Range(0, Rules).Select(n => Numbered((uint)n, IsSuppressor(suppressors, n) ? Never : Always, list))];
            Dictionary<string, bool[]> recorded = AllStates(suppressors).ToDictionary(Key, state => Recorded(state, suppressors, byDefault));
            foreach (int[] current in lists)
            {
                foreach (int[] desired in lists)
                {
                    int fewest = Fewest(current, desired, suppressors, recorded);
                    int ours = RuleDifference.Between(current.Select(n => rules[n]), desired.Select(n => rules[n])).Steps.Count;
                    Assert.True(fewest == ours, $"suppressors {suppressors:b}: [{Key(current)}] -> [{Key(desired)}]: {ours} steps, {fewest} would do");
                    pairs++;
                }
            }
        }
        output.WriteLine($"{pairs} pairs of lists");
        Assert.Equal(8 * 16 * 16, pairs);
    }

    /// <summary>Breadth first. A symbol below <see cref="Rules"/> is a rule, n + Rules is the understudy of the recording rule n.</summary>
    private static int Fewest(int[] from, int[] to, int suppressors, Dictionary<string, bool[]> recorded)
    {
        bool[] before = recorded[Key(from)], after = recorded[Key(to)];
        int[] staying = [.. from.Intersect(to).Where(n => !IsSuppressor(suppressors, n))];
        string goal = Key(to);
        Dictionary<string, int> seen = new() { [Key(from)] = 0 };
        Queue<int[]> queue = new([from]);
        while (queue.TryDequeue(out int[]? state))
        {
            int steps = seen[Key(state)];
            if (Key(state) == goal) return steps;
            foreach (int[] next in Neighbours(state, suppressors))
            {
                string key = Key(next);
                if (seen.ContainsKey(key)) continue;
                if (!staying.All(n => next.Contains(n) || next.Contains(n + Rules))) continue;
                bool[] during = recorded[key];
                if (Enumerable.Range(0, 1 << Rules).Any(e => before[e] && after[e] && !during[e])) continue;
                seen[key] = steps + 1;
                queue.Enqueue(next);
            }
        }
        return -1;
    }

    private static IEnumerable<int[]> Neighbours(int[] state, int suppressors)
    {
        foreach (int symbol in Symbols(suppressors))
        {
            if (state.Contains(symbol))
            {
                yield return [.. state.Where(s => s != symbol)];
                continue;
            }
            yield return [symbol, .. state];
            yield return [.. state, symbol];
        }
    }

    /// <summary>For every event, which is the set of rules it matches: does the first match record it?</summary>
    private static bool[] Recorded(int[] state, int suppressors, bool byDefault) =>
        [.. Enumerable.Range(0, 1 << Rules).Select(matched =>
            state.Select(s => s % Rules).Where(n => (matched >> n & 1) != 0).Select(n => !IsSuppressor(suppressors, n)).FirstOrDefault(byDefault))];

    private static int[] Symbols(int suppressors) =>
        [.. Enumerable.Range(0, 2 * Rules).Where(s => s < Rules || !IsSuppressor(suppressors, s - Rules))];

    private static IEnumerable<int[]> AllStates(int suppressors) => Arrangements(Symbols(suppressors));

    private static IEnumerable<int[]> Arrangements(int[] symbols) =>
        symbols.SelectMany(s => Arrangements([.. symbols.Where(o => o != s)]).Select(rest => (int[])[s, .. rest])).Prepend([])
            .DistinctBy(Key);

    private static bool IsSuppressor(int suppressors, int n) => (suppressors >> n & 1) != 0;

    private static string Key(int[] state) => string.Join(' ', state);
}
