using System.Globalization;
using System.Text;
using LinuxAudit.Records;

namespace EndToEnd.Tests.Records;

/// <summary>This library and ausearch on made-up records: every system call, every argument, every value and bit that could have a name.</summary>
public sealed class SweepParityTests(ITestOutputHelper output)
{
    private static readonly Interpreter Interpreter = new(RealLog.Identities);

    private static readonly ulong[] ArgumentValues =
        [.. Enumerable.Range(0, 72).Select(i => (ulong)i), .. Enumerable.Range(7, 25).Select(i => 1UL << i), 0x241, 0x1ED, 0x80801, 0xFFFFFFFFFFFFFF9C, 0xFFFFFF9C, 0x4206, 0x5413, 0x406];

    /// <summary>True when there is an ausearch to compare with.</summary>
    public static bool HasAusearch => File.Exists("/sbin/ausearch");

    [Fact(Skip = "needs ausearch (package auditd)", SkipUnless = nameof(HasAusearch))]
    public void Interpret_EverySyscallArgument_EqualsAusearch()
    {
        List<string> bodies = [];
        for (int syscall = 0; syscall < 450; syscall++)
            foreach (ulong v in ArgumentValues)
                bodies.Add(FormattableString.Invariant($"arch=c000003e syscall={syscall} success=yes exit=3 a0={v:x} a1={v:x} a2={v:x} a3={v:x} items=0 ppid=1"));
        // Options depend on their level, arguments on their command.
        foreach (int level in new[] { 0, 1, 6, 17, 41, 263 })
            for (int option = 0; option < 140; option++) bodies.Add($"arch=c000003e syscall=54 success=yes exit=0 a0=3 a1={level:x} a2={option:x} a3=0 items=0 ppid=1");
        for (int argument = 0; argument < 45; argument++)
            foreach (int option in new[] { 1, 23, 24 }) bodies.Add($"arch=c000003e syscall=157 success=yes exit=0 a0={option:x} a1={argument:x} a2=0 a3=0 items=0 ppid=1");
        Compare("SYSCALL", bodies);
    }

    [Fact(Skip = "needs ausearch (package auditd)", SkipUnless = nameof(HasAusearch))]
    public void Interpret_EveryFieldWithANamedValue_EqualsAusearch()
    {
        List<string> bodies = [];
        foreach (string field in new[] { "sig", "family", "hook", "action", "proto", "icmptype", "list", "perm", "prom", "capability", "resp", "nl-mcgrp", "uid", "gid", "ses", "res" })
            for (int v = 0; v < 150; v++) bodies.Add($"{field}={v} x=1");
        foreach (string field in new[] { "cap_fp", "flags", "resolve", "per", "code" })
            for (int bit = 0; bit < 32; bit++) bodies.Add(FormattableString.Invariant($"{field}={1u << bit:x} x=1"));
        for (int error = 0; error < 200; error++) bodies.Add($"exit=-{error} x=1");
        for (int type = 0; type < 16; type++)
            foreach (int bits in new[] { 0, 0x1ED, 0xFFF, 0x9C0, 0x201 }) bodies.Add("mode=0" + Convert.ToString((type << 12) | bits, 8) + " x=1");
        foreach (string arch in new[] { "c000003e", "40000003", "c00000b7", "40000028", "80000016", "16", "c0000015", "80000015", "14", "c00000f3" }) bodies.Add($"arch={arch} x=1");
        for (int family = 0; family < 60; family++)
            foreach (int length in new[] { 0, 1, 2, 6, 14, 26, 108 }) bodies.Add($"saddr={family:X2}00{string.Concat(Enumerable.Repeat("01", length))} x=1");
        foreach (string address in new[] { "00000000000000000000000000000000", "00000000000000000000000000000001", "00000000000000000000FFFF0A000001", "0000000000000000000000000A000001",
            "20010DB8000000000000000000000001", "20010DB8000000010000000000000001", "FE800000000000000000000000000000", "00010000000000000000000000000000", "00010002000300040005000600070008" })
            bodies.Add($"saddr=0A00003500000000{address}00000000 x=1");
        foreach (string name in new[] { "\"plain\"", "6162", "61626", "(null)", "616263", "E282AC", "2E2F2E2E", "01020304", "\"with space\"", "6A" })
            foreach (string field in new[] { "name", "comm", "exe", "cwd", "key", "proctitle", "acct", "cmd", "vm", "dev", "obj" }) bodies.Add($"{field}={name} x=1");
        Compare("PATH", bodies);
    }

    [Fact(Skip = "needs ausearch (package auditd)", SkipUnless = nameof(HasAusearch))]
    public void Interpret_TerminalInput_EqualsAusearch()
    {
        List<string> bodies = [.. Enumerable.Range(0, 256).Select(b => $"tty pid=1 data={b:X2}78")];
        foreach (string keys in new[] { "1B5B41", "1B5B42", "1B4F43", "1B5B44", "1B5B48", "1B5B46", "1B5B337E", "1B5B357E", "1B5B367E", "1B4F50", "1B5B31357E", "1B5B32347E", "1B1B", "1B78", "1B5B", "22412241", "5C41", "6C730D", "E282AC", "00" })
            bodies.Add($"tty pid=1 data={keys}");
        Compare("TTY", bodies);
    }

    private void Compare(string type, List<string> bodies)
    {
        string path = Path.GetTempFileName();
        try
        {
            StringBuilder log = new();
            for (int i = 0; i < bodies.Count; i++) log.Append(CultureInfo.InvariantCulture, $"type={type} msg=audit({1700000000 + i / 900}.{i % 900:000}:{i + 1}): {bodies[i]}\n");
            File.WriteAllText(path, log.ToString());
            (List<Difference> differences, int records, int values) = AusearchParity.Compare(path, Interpreter);
            output.WriteLine($"{records} records, {values} values, {differences.Count} differ");
            foreach (string reason in KnownDifferences.Reasons(differences, columns: false)) output.WriteLine(reason);
            Assert.Empty(KnownDifferences.UnlistedValues(differences).DistinctBy(d => d.Field + d.Ours).Take(30));
            Assert.Equal(bodies.Count, records);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
