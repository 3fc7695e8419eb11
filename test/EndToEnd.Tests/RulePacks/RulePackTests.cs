using System.Globalization;
using EndToEnd.Tests.Support;
using LinuxAudit.Rules;
using TestSupport;

namespace EndToEnd.Tests.RulePacks;

/// <summary>Every rule of <c>rules/</c> in the real kernel: what it is for is done, and the kernel's event has its key. A new rule is tried too, or fails.</summary>
public sealed class RulePackTests(PackNode node) : IClassFixture<PackNode>
{
    private static readonly string Self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    public static TheoryData<string> Packs => [.. RulePack.Names];

    [KernelTheory]
    [MemberData(nameof(Packs))]
    public void EveryRule_WhatItIsForIsDone_IsRecordedWithItsKey(string name)
    {
        using Exercises exercises = new(node.Root);
        List<string> failures = [];
        int done = 0;
        foreach (RuleDirective directive in node.Rules.Where(r => r.Location.File == name))
        {
            if (directive.Rule is not { List: FilterList.Exit, Action: RuleAction.Always } rule)
            {
                // Those that keep records away have tests of their own below.
                if (directive.Rule is not ({ List: FilterList.Exclude } or { List: FilterList.Exit, Action: RuleAction.Never })) failures.Add($"{directive.Text}: no test");
                continue;
            }

            if (!rule.Arch!.Value.Is64Bit() && !RawCalls.Has32Bit) continue;
            foreach (Exercises.Exercise exercise in exercises.For(rule))
            {
                done++;
                if (!IsRecorded(rule, exercise, out string seen)) failures.Add($"{directive.Text}: {exercise.Syscall} is not recorded; recorded is:\n{seen}");
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(done > 0 || name == "10-noise.rules");
    }

    [KernelFact]
    public void Machine_MakesI386Calls()
    {
        if (!RawCalls.Has32Bit) Assert.Skip("this kernel runs no 32-bit x86 calls: the rules for b32 are not exercised");
        using RawCalls calls = new();
        Assert.Equal(Environment.ProcessId, calls.Call(Machine.I386, "getpid"));
    }

    [KernelFact]
    public void Exclude_EachType_IsNotRecordedWhileItsNeighbourIs()
    {
        ushort[] excluded = [.. node.Rules.Where(r => r.Rule.List == FilterList.Exclude).Select(r => (ushort)r.Rule.Fields.Single().Value)];
        Assert.Equal(Noise.All.Keys.Order(), excluded.Order());
        foreach (ushort type in excluded)
        {
            Assert.True(node.Excluded[type] > 0, $"{type}: not recorded without the rules either");
            List<PackRecord> records = node.Record(() =>
            {
                Noise.All[type]();
                // USER_LOGIN
                Noise.UserMessage(1112);
            });
            Assert.DoesNotContain(records, r => r.Type == type);
            Assert.Contains(records, r => r.Type == 1112);
        }
    }

    [KernelFact]
    public void ExcludeBpf_ProgramIsLoaded_TheCallIsStillRecorded() =>
        Assert.Contains(node.Record(Noise.LoadBpf), r => r.Type == PackRecord.Syscall && r["pid"] == Self && r["key"] == "bpf" && r["success"] == "yes");

    [KernelFact]
    public void NeverExe_EachProgram_IsNotRecordedWhileItsNeighbourIs()
    {
        string neighbour = Path.Join(node.Root, "usr/bin/neighbour");
        File.Copy("/usr/bin/perl", neighbour, overwrite: true);
        RuleDirective[] rules = [.. Never().Where(r => r.Rule.Fields.Any(f => f.Field == RuleField.Exe))];
        Assert.Equal(3, rules.Length);
        foreach (AuditRule rule in rules.Select(r => r.Rule))
        {
            Assert.Equal(Machines.Current, rule.Arch);
            string program = node.Root + rule.Fields.Single(f => f.Field == RuleField.Exe).Text;
            foreach (int number in rule.Syscalls.Numbers.Where(n => n != Machines.Current.SyscallNumber("execveat")))
            {
                // Starting it makes the call execve itself.
                string script = number == Machines.Current.SyscallNumber("execve") ? "1" : $"syscall({number}, 0, 0, 0, 0, 0)";
                List<PackRecord> records = node.Record(() =>
                {
                    AuditMachine.Run(program, "-e", script);
                    AuditMachine.Run(neighbour, "-e", script);
                });
                string[] seen = [.. records.Where(r => r.Type == PackRecord.Syscall && r["syscall"] == $"{number}").Select(r => r["exe"]!)];
                Assert.DoesNotContain(program, seen);
                Assert.Contains(neighbour, seen);
            }
        }
    }

    [KernelFact]
    public void NeverNotFound_ProgramIsMissing_IsNotRecordedWhileItsNeighbourIs()
    {
        RuleDirective[] rules = [.. Never().Where(r => r.Rule.Fields.Any(f => f.Field == RuleField.Exit))];
        Assert.Equal(2, rules.Length);
        Assert.Equal(5, Never().Count());
        using RawCalls calls = new();
        foreach (AuditRule rule in rules.Select(r => r.Rule))
        {
            if (!rule.Arch!.Value.Is64Bit() && !RawCalls.Has32Bit) continue;
            List<PackRecord> records = node.Record(() =>
            {
                calls.Call(rule.Arch.Value, "execve", calls.Text("/nowhere/program"), 0, 0);
                calls.Call(rule.Arch.Value, "execveat", -100, calls.Text("/nowhere/program"), 0, 0);
                calls.Call(rule.Arch.Value, "execve", calls.Text("/etc/passwd"), 0, 0);
            });
            // -13 is EACCES.
            Assert.Equal(["-13"], records.Where(r => r.Type == PackRecord.Syscall && r["pid"] == Self && r["key"] == "procmon").Select(r => r["exit"]));
        }
    }

    [KernelFact]
    public void SetuidExec_NobodyStartsASetuidProgram_IsRecorded()
    {
        string program = Path.Join(node.Root, "setuid");
        File.Copy("/bin/true", program, overwrite: true);
        AuditMachine.Run("chmod", "4755", program);
        AuditMachine.Run("chmod", "755", node.Root);
        List<PackRecord> records = node.Record(() => AuditMachine.Run("setpriv", "--reuid=65534", "--clear-groups", program));
        Assert.Contains(records, r => r.Type == PackRecord.Syscall && r["exe"] == program && r["key"] == "setuid-exec" && r["uid"] == "65534" && r["euid"] == "0");
    }

    private IEnumerable<RuleDirective> Never() => node.Rules.Where(r => r.Rule is { List: FilterList.Exit, Action: RuleAction.Never });

    private bool IsRecorded(AuditRule rule, Exercises.Exercise exercise, out string seen)
    {
        string arch = ((uint)rule.Arch!.Value).ToString("x", CultureInfo.InvariantCulture);
        string number = rule.Arch.Value.SyscallNumber(exercise.Syscall)!.Value.ToString(CultureInfo.InvariantCulture);
        string? path = rule.Fields.FirstOrDefault(f => f.Field is RuleField.Path or RuleField.Dir)?.Text;
        PackRecord[] own = [.. node.Record(exercise.Act).Where(r => r.Type != PackRecord.Syscall || r["pid"] == Self)];
        seen = string.Join('\n', own.Select(r => r.Text));
        return own.Any(r => r.Type == PackRecord.Syscall && r["arch"] == arch && r["syscall"] == number && r["key"] == rule.Keys.Single()
            && (path is null || own.Any(p => p.Type == PackRecord.Path && p.Serial == r.Serial && p["name"]!.StartsWith(node.Root + path, StringComparison.Ordinal))));
    }
}
