using AksAuditd.Tests.Support;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Commands;

public sealed class CompileCommandTests : IDisposable
{
    private const string Rules = "-D\n-b 8192\n-a exit,always -S execve -F arch=b64 -k exec\n-w /etc/passwd -k id\n-A never,task -F uid=root\n-e 1\n";
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Compile_Rules_AreInLoadOrder()
    {
        Cli run = Cli.Run("compile", _directory.Write("a.rules", Rules.Replace("-S execve -F arch=b64", "-F arch=b64 -S execve", StringComparison.Ordinal)), "--arch", "x86_64");

        Assert.Equal("-D\n-b 8192\n-a always,exit -F arch=b64 -S execve -F key=exec\n-w /etc/passwd -p rwxa -k id\n-A never,task -F uid=0\n-e 1\n", run.Output);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Fact]
    public void Compile_Mistake_PrintsNothingButTheMistake()
    {
        Cli run = Cli.Run("compile", _directory.Write("a.rules", Rules), "--arch", "x86_64");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("a.rules:3:", run.Error, StringComparison.Ordinal);
        Assert.Contains("error AUD025", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void CompileWire_NameOfAUser_IsAnError()
    {
        string file = _directory.Write("a.rules", "-a never,task -F uid=somebody\n-a never,task -F uid=1\n");

        Assert.Equal((0, "-a never,task -F uid=somebody\n-a never,task -F uid=1\n"), (Cli.Run("compile", file).ExitCode, Cli.Run("compile", file).Output));
        Cli wire = Cli.Run("compile", file, "--wire");
        Assert.Equal(1, wire.ExitCode);
        Assert.Contains("a.rules:1:22: note AUD054", wire.Error, StringComparison.Ordinal);
        Assert.Single(wire.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Compile_TwoMachines_IsCalledWrongly() => Assert.Equal(2, Cli.Run("compile", _directory.Write("a.rules", "-D\n"), "--arch", "x86_64,aarch64").ExitCode);

    /// <summary>The kernel, loaded by auditctl with what compile prints, lists what compile prints.</summary>
    [KernelFact]
    public void Compile_Text_IsWhatAuditctlListsAfterLoadingIt()
    {
        string file = _directory.Write("a.rules", "-D\n-a always,exit -F arch=b64 -S execve,openat -F auid>=1000 -F auid!=unset -k exec\n-w /etc/passwd -p wa -k id\n-a never,exclude -F msgtype=CWD\n");
        string compiled = Cli.Run("compile", file).Output;
        AuditMachine.ClearRules();
        AuditMachine.Run("auditctl", "-R", _directory.Write("compiled.rules", compiled));

        Assert.Equal(compiled.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l != "-D"), AuditMachine.Rules());
        AuditMachine.ClearRules();
    }
}
