using System.Globalization;
using System.Text;
using LinuxAudit.Rules;
using TestSupport;

namespace LinuxAudit.Tests.Rules;

/// <summary>
/// Mutated rule files and mutated kernel bytes. Nothing may throw or hang, places lie inside the text, and what is accepted goes there and back.
/// AKS_FUZZ_SEED repeats a run, AKS_FUZZ_COUNT (default 2,000,000 lines) makes it longer.
/// </summary>
public sealed class RuleFuzzTests(ITestOutputHelper output)
{
    private const int LinesPerFile = 10;

    private static readonly string[] Seeds =
    [
        "-a always,exit -F arch=b64 -S openat,execve -F auid>=1000 -F auid!=unset -k access", "-a never,exclude -F msgtype=CWD", "-A exit,never -F exe=/usr/bin/ls -C uid!=euid",
        "-w /etc/passwd -p wa -k a\\ b", "-a never,filesystem -F fstype=tracefs", "-a always,user -F uid=chrony -F pid=5", "-D -k x", "-e 1 -f 2 -r 100 -b 8192",
        "--backlog_wait_time 60000", "-a always,exit -S 59 -F a0&0x7C020000 -F exit=-EACCES -F success=0 -F perm=wa -F dir=/home", "-q /a,/b", "# comment", "",
        "-a always,exit -F arch=b32 -S all -F subj_type=x -F obj_lev_low=s0 -F filetype=file -F saddr_fam=2 -F inode=5 -F sessionid=unset", "-a always,io_uring -S openat -k \"q q\"",
    ];

    private static readonly string[] Pieces =
        [" ", "\\", "\"", "'", "=", "!=", ">=", "&", ",", "-", "--", "\0", "\t", "\r", "é", "\U0001F512", "-F ", "-S ", "-k ", "-C ", "unset", "all", "b64", "4294967296", "-1", "0x", "/", "..", "a0", "key=", "#"];

    [Fact]
    public void Parse_MutatedLines_NeverThrowsAndAccountsForItself()
    {
        int seed = Setting("AKS_FUZZ_SEED", Random.Shared.Next());
        int count = Setting("AKS_FUZZ_COUNT", 2_000_000);
        output.WriteLine($"AKS_FUZZ_SEED={seed} AKS_FUZZ_COUNT={count}");
        Random random = new(seed);
        LintOptions lint = new() { Machine = Machine.X86_64, OtherMachines = [Machine.Aarch64] };
        List<byte> bytes = [];
        int accepted = 0;
        for (int done = 0; done < count; done += LinesPerFile)
        {
            bytes.Clear();
            for (int i = 0; i < LinesPerFile; i++) Append(bytes, random);
            byte[] content = [.. bytes];
            RuleFile file = RuleParser.Parse(new RuleSource("fuzz.rules", content), done % 20 == 0 ? Read.Node : Read.Laptop);
            Check(file, content, random, ref accepted);
            if (done % 200 == 0) RuleLinter.Lint(RuleMerger.Merge([file]), lint);
        }

        output.WriteLine($"{accepted} rules accepted");
        Assert.True(accepted > count / 50, $"only {accepted} rules accepted: the mutations are too wild to reach anything");
    }

    private static void Check(RuleFile file, byte[] content, Random random, ref int accepted)
    {
        foreach (Diagnostic diagnostic in file.Diagnostics)
        {
            SourceLocation place = diagnostic.Location;
            if (place is { Line: >= 1, Column: >= 1, Length: >= 0 } && place.Line <= content.Count(b => b == '\n') + 1 && place.Column + place.Length <= content.Length + 2) continue;
            Assert.Fail($"{diagnostic} is nowhere in {Convert.ToHexString(content)}");
        }

        foreach (RuleDirective directive in file.Directives.OfType<RuleDirective>())
        {
            if (!directive.Rule.IsResolved || !directive.IsUsable) continue;
            accepted++;
            if (random.Next(16) != 0) continue;
            byte[] wire = directive.Rule.ToWire();
            if (!AuditRule.TryFromWire(wire, out AuditRule? decoded) || !decoded.Equals(directive.Rule)) Assert.Fail($"{directive.Text} does not come back from its bytes");
            string text = directive.Rule.ToText(Machine.X86_64);
            RuleFile again = RuleParser.ParseText(text, new RuleContext { Machine = Machine.X86_64, Paths = new PathsOfRule(directive.Rule) });
            if (again.Directives is not [RuleDirective same] || !same.Rule.Equals(directive.Rule)) Assert.Fail($"{directive.Text} prints as {text}, which reads as something else");
            wire[random.Next(wire.Length)] = (byte)random.Next(256);
            if (AuditRule.TryFromWire(wire, out AuditRule? other)) _ = other.ToText(Machine.Aarch64);
            AuditRule.TryFromWire(wire.AsSpan(0, random.Next(wire.Length)), out _);
        }
    }

    private static void Append(List<byte> bytes, Random random)
    {
        int start = bytes.Count;
        bytes.AddRange(Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]));
        for (int mutations = random.Next(4); mutations > 0; mutations--)
        {
            int at = start + random.Next(bytes.Count - start + 1);
            int left = bytes.Count - at;
            switch (random.Next(6))
            {
                case 0: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)])); break;
                case 1: bytes.RemoveRange(at, Math.Min(left, random.Next(1, 6))); break;
                case 2 when left > 0: bytes[at] = (byte)random.Next(256); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(left, random.Next(1, 40)))); break;
                case 4: bytes.InsertRange(at, Encoding.UTF8.GetBytes(" " + Seeds[random.Next(Seeds.Length)])); break;
                default:
                    if (random.Next(400) == 0) bytes.InsertRange(at, new byte[random.Next(9000)].Select(_ => (byte)random.Next(32, 127)));
                    break;
            }
        }

        if (random.Next(50) != 0) bytes.Add((byte)'\n');
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : fallback;
}
