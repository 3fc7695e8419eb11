using System.Text;
using AksAuditd.Policy;
using EndToEnd.Tests.Rules;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using LinuxAudit.Rules;
using TestSupport;

namespace Fuzz;

/// <summary>
/// Whole policies: random files are read as the agent reads them, and a kernel that has one policy is led to the next one, and the next, with refusals in between.
/// Each time the kernel's list is the policy's, and each rule that the kernel lists is, printed and read again, the same rule.
/// </summary>
internal static class Policies
{
    private static readonly RuleContext Node = new() { Machine = Machine.X86_64, Paths = new Everything() };

    public static void Case(Random random)
    {
        FakeAuditKernel kernel = new();
        for (int n = 3; n > 0; n--)
        {
            DesiredRules desired = DesiredRules.Read(Files(random), Node);
            KernelRule[] wanted = [.. desired.Rules.Select(r => r.Rule)];
            RuleDifference difference = RuleDifference.Between(kernel.Rules, wanted);
            if (random.Next(4) == 0)
            {
                // Refused somewhere: a new difference leads on.
                int stop = kernel.Changes + random.Next(difference.Steps.Count + 1);
                kernel.Fault = (_, _) => kernel.Changes >= stop ? Errno.EPERM : Errno.None;
                difference.Apply(kernel, out _);
                kernel.Fault = (_, _) => Errno.None;
                difference = RuleDifference.Between(kernel.Rules, wanted);
            }

            Errno error = difference.Apply(kernel, out int done);
            FindingException.Unless(error == Errno.None && done == difference.Steps.Count, () => $"{error} at step {done}");
            FindingException.Unless(RuleDifference.Arrange(wanted).SequenceEqual(kernel.Rules), () => $"{kernel.Rules.Count} rules in the kernel are not the {wanted.Length} of the policy");
            FindingException.Unless(RuleDifference.Between(kernel.Rules, wanted).IsEmpty, () => "there is still something to do");
            Check(kernel);
        }
    }

    /// <summary>A rule that the kernel could have.</summary>
    public static AuditRule RandomRule(Random random)
    {
        RuleGrammar grammar = new(random.Next());
        while (true)
        {
            if (RuleParser.ParseText(grammar.Next(), Node).Directives is [RuleDirective { IsUsable: true } directive]) return directive.Rule;
        }
    }

    private static void Check(FakeAuditKernel kernel)
    {
        foreach (KernelRule rule in kernel.Rules)
        {
            FindingException.Unless(AuditRule.TryFromWire(rule.Data.Span, out AuditRule? decoded), () => "a rule that was written cannot be read");
            string text = decoded!.ToText(Machine.X86_64);
            DesiredRules again = DesiredRules.Read([File("again.rules", text)], Node with { Paths = new PathsOfRule(decoded) });
            FindingException.Unless(again.Problems.Count == 0 && again.Rules is [var only] && only.Rule.Equals(rule),
                () => $"what the kernel has does not come back: {again.Rules.Count} rules, {again.Skipped.Count} skipped: {string.Join('\n', again.Skipped)}; {string.Join('\n', again.Problems)}\n{text}");
        }
    }

    private static List<PolicyFile> Files(Random random)
    {
        RuleGrammar grammar = new(random.Next());
        List<PolicyFile> files = [];
        for (int f = random.Next(1, 4); f > 0; f--)
        {
            StringBuilder text = new(random.Next(3) == 0 ? "-D\n" : "");
            for (int n = random.Next(40); n > 0; n--)
            {
                string line = grammar.Next();
                text.Append(line).Append('\n');
                // Taken out again, or said twice.
                if (random.Next(20) == 0) text.Append(line.Replace("-a ", "-d ", StringComparison.Ordinal).Replace("-w ", "-W ", StringComparison.Ordinal)).Append('\n');
                if (random.Next(20) == 0) text.Append(line).Append('\n');
            }

            files.Add(File($"{random.Next(100)}-{f}.rules", text.ToString()));
        }

        return files;
    }

    private static PolicyFile File(string name, string text) => new(name, Encoding.UTF8.GetBytes(text), "");

    /// <summary>A node that has every directory under /etc and /usr, and files in them.</summary>
    private sealed class Everything : IPathResolver
    {
        public PathKind Find(string path) => path.StartsWith("/nosuchdir", StringComparison.Ordinal) ? PathKind.Missing
            : path.TrimEnd('/') is "" or "/etc" or "/usr" or "/usr/bin" or "/usr/lib" or "/etc/." ? PathKind.Directory : PathKind.File;
    }
}
