using LinuxAudit.Interop;
using LinuxAudit.Kernel;

namespace NoEventLost;

/// <summary>
/// One policy after the other: a rule more, a rule less, another order, everything swapped but the exec rule. In each the exec rule comes before a
/// rule that would silence it, and both change their places.
/// </summary>
internal sealed class Policies
{
    private const string Exec = "-a always,exit -F arch=b64 -S execve -F key=exec";
    private const string Silence = "-a never,exit -F arch=b64 -S execve";

    private readonly Random _random;
    private readonly Dictionary<string, KernelRule> _bytes = [];
    private readonly string[][] _pools;
    private List<string> _policy;
    private int _pool;
    private int _changes;

    /// <summary>Learns the rules' bytes from <c>auditctl</c> and the kernel, and leaves the kernel without rules.</summary>
    public Policies(AuditClient client, int seed)
    {
        _random = new Random(seed);
        _pools = [[.. Pool(0)], [.. Pool(1)]];
        foreach (string rule in _pools.SelectMany(p => p).Append(Exec).Append(Silence)) _bytes[rule] = Learn(client, rule);
        _policy = [Exec, Silence, .. _pools[0].Take(8)];
    }

    /// <summary>The policy now, as lines of a rule file.</summary>
    public IReadOnlyList<string> Lines => _policy;

    /// <summary>The policy now, as the kernel is to have it.</summary>
    public IEnumerable<KernelRule> Rules => _policy.Select(line => _bytes[line]);

    /// <summary>The next policy.</summary>
    public void Change()
    {
        List<string> next = [.. _policy];
        switch (_changes++ % 4)
        {
            case 0:
                string[] unused = [.. _pools[_pool].Except(next)];
                if (unused.Length > 0) next.Insert(_random.Next(next.Count + 1), unused[_random.Next(unused.Length)]);
                break;
            case 1:
                string[] other = [.. next.Where(r => r is not (Exec or Silence))];
                if (other.Length > 4) next.Remove(other[_random.Next(other.Length)]);
                break;
            case 2:
                string[] order = [.. next];
                _random.Shuffle(order);
                next = [.. order];
                int exec = next.IndexOf(Exec), silence = next.IndexOf(Silence);
                if (exec > silence) (next[exec], next[silence]) = (Silence, Exec);
                break;
            case 3:
                _pool = 1 - _pool;
                next = [.. next.Where(r => r == Exec), .. _pools[_pool].Take(8)];
                next.Insert(_random.Next(1, next.Count + 1), Silence);
                break;
        }
        _policy = next;
    }

    private static IEnumerable<string> Pool(int pool)
    {
        for (int i = 0; i < 12; i++)
        {
            int number = 1000 * (pool + 1) + i;
            yield return (i % 4) switch
            {
                0 => $"-a always,exit -F arch=b64 -S openat -F a2={number} -F key=open{number}",
                1 => $"-a never,exit -F arch=b64 -S execve -F uid={number}",
                2 => $"-w /etc/audited-{number} -p wa -k watch{number}",
                _ => $"-a always,exit -F arch=b64 -S ptrace -F a0={number} -F key=trace{number}",
            };
        }
    }

    private static KernelRule Learn(AuditClient client, string rule)
    {
        Shell.Run("auditctl", rule.Split(' '));
        KernelState.Check("AUDIT_LIST_RULES", client.ListRules(out IReadOnlyList<KernelRule> rules));
        KernelRule learnt = rules.Single();
        Errno error = client.DeleteRule(learnt);
        KernelState.Check("AUDIT_DEL_RULE", error);
        return learnt;
    }
}
