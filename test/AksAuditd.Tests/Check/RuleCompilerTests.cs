using AksAuditd.Check;
using LinuxAudit.Rules;

namespace AksAuditd.Tests.Check;

public class RuleCompilerTests
{
    [Fact]
    public void Compile_AllKindsOfLines_AreInLoadOrderAsAuditctlPrintsThem() => Assert.Equal(
    [
        "-D", "-b 8192", "-f 1", "-w /etc/passwd -p wa -k id", "-A never,task -F uid=0", "-d always,exit -F arch=b64 -S openat -F key=x", "-D -k old", "--loginuid-immutable", "-e 2",
    ], Texts("-e 2\n-f 1\n-w /etc/passwd -k id -p wa\n-A task,never -F uid=root\n-d exit,always -F arch=x86_64 -S openat -k x\n-D -k old\n--loginuid-immutable\n-i\n-b 8192\n-D\n"));

    [Fact]
    public void Compile_Machine_DecidesWhatNumbersMean()
    {
        MergedRules rules = PolicyChecker.Merge(Checked.Rules("-a always,exit -F arch=b64 -S openat\n").Groups[0], Machine.Aarch64);

        Assert.Equal(new byte[] { 0, 1 }, Assert.Single(RuleCompiler.Compile(rules, Machine.Aarch64, withWire: true)).Wire![18..20]);
    }

    [Theory]
    [InlineData("-A always,exit -S all -F path=/c -F perm=r -k x", "-A always,exit -S all -F path=/c -F perm=r -F key=x")]
    [InlineData("-W /c -p r -k x", "-W /c -p r -k x")]
    [InlineData(@"-D -k a\ b", @"-D -k a\ b")]
    [InlineData(@"-m two\ words", @"-m two\ words")]
    [InlineData(@"-q /a\ b,/c", @"-q /a\ b,/c")]
    public void Compile_Text_ReadsBack(string line, string text)
    {
        Assert.Equal([text], Texts(line + "\n"));
        Assert.Equal([text], Texts(text + "\n"));
    }

    private static string[] Texts(string rules) => [.. RuleCompiler.Compile(PolicyChecker.Merge(Checked.Rules(rules).Groups[0], Machine.X86_64), Machine.X86_64, false).Select(s => s.Text)];
}
