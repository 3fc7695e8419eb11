using LinuxAudit.Rules;

namespace LinuxAudit.Tests.Rules;

public sealed class RuleLinterTests
{
    private const string Quiet = " -F auid>=1000 -F auid!=unset";

    [Theory]
    [InlineData("-a always,exit -S chmod -F success=0 -F uid=0", "AUD060", 16)]
    [InlineData("-a always,exit -F arch=b64 -S chmod", "AUD061", 16)]
    [InlineData("-a always,exit -F arch=b32 -S chmod\n-a always,exit -F arch=b64 -S chmod,fchmod", "AUD061", 16)]
    [InlineData("-a never,exit -F uid=5\n-a always,exit -F arch=b32 -S chmod -F uid=5", "AUD062", 1)]
    [InlineData("-a always,exit -F arch=b32 -S chmod -F uid=5\n-A never,exit -F uid=5", "AUD062", 1)]
    [InlineData("-a always,exit -F path=/etc/x -F perm=w\n-w /etc/x -p w", "AUD063", 1)]
    [InlineData("-a never,task\n-d never,task\n-a never,task\n-a never,task", "AUD063", 1)]
    [InlineData("-a always,exit -F arch=b32 -S chmod -k x\n-D -k y\n-a always,exit -F arch=b32 -S chmod -k x", "AUD063", 1)]
    [InlineData("-a always,exit -F uid=0 -F uid=5", "AUD064", 1)]
    [InlineData("-a always,exit -F uid=0 -F uid!=0", "AUD064", 1)]
    [InlineData("-a always,exit -F uid>5 -F uid<6", "AUD064", 1)]
    [InlineData("-a always,exit -F exit<0 -F pid=1", "AUD064", 1)]
    [InlineData("-a always,exit -F success=0 -F success=1 -F pid=1", "AUD064", 1)]
    [InlineData("-a always,exit -F success>0 -F pid=1", "AUD064", 1)]
    [InlineData("-a always,exit -F obj_uid<0 -F pid=1", "AUD064", 1)]
    [InlineData("-a never,user -F euid=0", "AUD064", 15)]
    [InlineData("-a never,user -F exe=/b -k x", "AUD064", 25)]
    [InlineData("-a never,user -F exe=/b -F key=x", "AUD064", 25)]
    [InlineData("-a never,task -F a0=1", "AUD064", 15)]
    [InlineData("-a always,exit -F arch=aarch64 -S fchmod -F uid=0", "AUD064", 16)]
    [InlineData("-a always,exit -F arch=b32 -S execve", "AUD069", 31)]
    [InlineData("-a always,exit -F arch=b32 -S mkdir,openat", "AUD069", 37)]
    [InlineData("-a always,exit -S all -F key=x", "AUD069", 1)]
    [InlineData("-a always,exit -F dir=/usr -F perm=x", "AUD069", 1)]
    [InlineData("-a never,exit -F arch=b32 -S mount -F exe=/usr/bin/a\n-a always,exit -F arch=b32 -S execve", "AUD069", 31)]
    [InlineData("-a always,exit -F arch=b32 -S execve\n-a never,exit -F arch=b32 -S execve -F exe=/usr/bin/a", "AUD069", 31)]
    [InlineData("-a always,exit -F arch=b32 -S execve -F exit=0", "AUD069", 31)]
    [InlineData("-a always,exit -F arch=b32 -S execve -C uid=euid", "AUD069", 31)]
    [InlineData("-a always,exit -F arch=b32 -S execve -C auid!=uid", "AUD069", 31)]
    [InlineData("-a always,exit -F arch=b32 -S openat -C uid!=obj_uid", "AUD069", 31)]
    [InlineData("-w /etc/x -p w -k y", "AUD070", 1)]
    [InlineData("-a always,exit -F arch=b32 -S chmod -F auid>=1000", "AUD071", 40)]
    [InlineData("-a never,task -F loginuid>0", "AUD071", 18)]
    [InlineData("-a always,exclude -F auid>=0x3e8", "AUD071", 1)]
    [InlineData("-a never,task -F auid>999 -F auid!=1000 -F auid!=0", "AUD071", 18)]
    [InlineData("-a always,exit -F auid>999 -F sessionid<=4294967295 -F pid=1", "AUD071", 19)]
    [InlineData("-a never,task -F auid>999\n-a never,task -F auid=unset", "AUD071", 18)]
    [InlineData("-a never,exit -F arch=b64 -S chmod -F auid=unset\n-a always,exit -F arch=b32 -S chmod -F auid>999", "AUD071", 40)]
    [InlineData("-a always,exclude -F auid=unset -F msgtype=CWD\n-a never,task -F auid>999", "AUD071", 18)]
    [InlineData("-a always,task", "AUD073", 4)]
    [InlineData("-A task,always -F uid=5", "AUD073", 4)]
    [InlineData("-a never,task -F uid=5\n-a always,task -F auid>=1000 -F auid!=unset", "AUD073", 4)]
    public void Lint_Rules_WarnsAtItsPlace(string text, string code, int column)
    {
        Diagnostic[] found = [.. Lint(text).Where(d => d.Code == code)];
        Diagnostic diagnostic = Assert.Single(found);
        Assert.Equal((column, DiagnosticSeverity.Warning), (diagnostic.Location.Column, diagnostic.Severity));
        Assert.NotNull(diagnostic.Fix);
    }

    [Theory]
    [InlineData("-a always,exit -F arch=b64 -S chmod" + Quiet + "\n-a always,exit -F arch=b32 -S chmod" + Quiet)]
    [InlineData("-a always,exit -F arch=b64 -S chmod -F uid=0 -F gid=0 -k a\n-a always,exit -F arch=b32 -S chmod,chown -F gid=0 -F uid=0 -k b")]
    [InlineData("-a always,exit -F arch=b32 -S all -F key=32bit-abi\n-a always,exit -F arch=b64 -S mount")]
    [InlineData("-a always,exit -F arch=b64 -S execve" + Quiet + "\n-a always,exit -F arch=b32 -S execve" + Quiet)]
    [InlineData("-a never,exit -F arch=b64 -S adjtimex -F uid=5\n-a always,exit -F arch=b32 -S adjtimex")]
    [InlineData("-a always,exit -F arch=b32 -S adjtimex\n-a never,exit -F arch=b32 -S adjtimex")]
    [InlineData("-a always,exit -F uid>=5 -F uid<=5 -F pid=1")]
    [InlineData("-a always,exit -F obj_uid=0 -F obj_uid=1000 -F pid=1")]
    [InlineData("-a always,exit -F filetype=file -F filetype=dir -F pid=1")]
    [InlineData("-a always,exit -F devmajor=8 -F devmajor!=8 -F pid=1")]
    [InlineData("-a always,exit -F success<0 -F pid=1")]
    [InlineData("-a never,user -F uid=0")]
    [InlineData("-a always,user -F exe=/b -k x")]
    [InlineData("-a never,task\n-d never,task\n-a never,task")]
    [InlineData("-a always,exit -F arch=b32 -S chmod -k x\n-D -k x\n-a always,exit -F arch=b32 -S chmod -k x")]
    [InlineData("-a always,exit -F arch=b32 -S execve -C uid!=euid")]
    [InlineData("-a always,exit -F arch=b32 -S execve -C auid=uid")]
    [InlineData("-a never,task -F auid>=1000 -F auid!=-1")]
    [InlineData("-a never,task -F auid>=1000 -F auid!=4294967295")]
    [InlineData("-a never,task -F auid>=1000 -F auid<60000")]
    [InlineData("-a always,exit -F auid>=1000 -F sessionid!=unset -F pid=1")]
    [InlineData("-a never,task -F auid!=0")]
    [InlineData("-a never,task -F uid>=1000")]
    [InlineData("-a always,exit -F sessionid>=5 -F pid=1")]
    [InlineData("-a never,exit -F auid=unset\n-a always,exit -F auid>=1000")]
    [InlineData("-a always,exit -F auid>=1000\n-A never,exit -F auid=unset")]
    [InlineData("-a never,task -F uid=5\n-A task,never -F gid=5")]
    [InlineData("-a never,task -F auid>=1000\n-a always,exclude -F auid=unset")]
    [InlineData("-a always,exit -F arch=b32 -S execve -F exit=1")]
    [InlineData("-a always,exit -F dir=/etc/audit -F perm=wa -F key=x")]
    [InlineData("-a never,exit -F arch=b64 -S execve -F exe=/usr/bin/a\n-a always,exit -F arch=b64 -S execve\n-a always,exit -F arch=b32 -S execve")]
    public void Lint_GoodRules_IsSilent(string text) => Assert.Empty(Lint(text));

    [Fact]
    public void Lint_MixedCluster_NamesWhatTheOtherMachineLacks()
    {
        Diagnostic diagnostic = Assert.Single(Lint("-a always,exit -F arch=b64 -S openat,rename -F uid=0\n-a always,exit -F arch=b32 -S openat,rename -F uid=0", Machine.Aarch64));
        Assert.Equal(("AUD066", 2, 38, 6), (diagnostic.Code, diagnostic.Location.Line, diagnostic.Location.Column, diagnostic.Location.Length));
        Assert.Contains("aarch64 has no rename", diagnostic.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-w /etc/cron.d -p wa -k cron", "write -a always,exit -F arch=b64 -F dir=/etc/cron.d -F perm=wa -F key=cron, and the same with arch=b32")]
    [InlineData("-w /opt/x/ -p wa", "write -a always,exit -F arch=b64 -F dir=/opt/x -F perm=wa, and the same with arch=b32")]
    [InlineData("-w /var/log/audit -p r", "write -a always,exit -F arch=b64 -F dir=/var/log/audit -F perm=r, and the same with arch=b32")]
    [InlineData("-w /etc/passwd -p wa -F auid=0", "write -a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -F auid=0, and the same with arch=b32")]
    [InlineData("-w /opt/a\\ b -p x", "write -a always,exit -F arch=b64 -F path=/opt/a\\ b -F perm=x if it is a file, with dir=/opt/a\\ b if it is a directory (path= leaves out what is in it); and the same with arch=b32")]
    public void Lint_Watch_SaysTheRuleThatWatchesAsMuch(string text, string fix) =>
        Assert.Equal(fix, Assert.Single(Lint(text), d => d.Code == "AUD070").Fix);

    [Theory]
    [InlineData("-e 2\n-a never,task", "merged with other files -e 2 comes last, wherever it stands")]
    [InlineData("-i -e 2\n-a never,task", "the line does not start with -e")]
    public void Lint_LockBeforeRules_SaysWhatBecomesOfThem(string text, string message)
    {
        Diagnostic diagnostic = Assert.Single(Lint(text));
        Assert.Equal("AUD067", diagnostic.Code);
        Assert.StartsWith(message, diagnostic.Message, StringComparison.Ordinal);
        Assert.Empty(Lint("-a never,task\n-e 2"));
    }

    [Fact]
    public void Lint_NoDeleteAll_Warns()
    {
        MergedRules merged = RuleMerger.Merge([Read.File("-b 5\n-a never,task\n-D -k x\n")]);
        Diagnostic diagnostic = Assert.Single(RuleLinter.Lint(merged, new LintOptions { Machine = Machine.X86_64 }));
        Assert.Equal(("AUD068", 1), (diagnostic.Code, diagnostic.Location.Line));
    }

    /// <summary>The warnings about a text that starts with -D, so that line 2 is the text's first.</summary>
    private static IEnumerable<Diagnostic> Lint(string text, params Machine[] others)
    {
        RuleFile file = Read.File("-D\n" + text + "\n");
        Assert.False(file.HasSourceErrors, string.Join('\n', file.Diagnostics));
        return RuleLinter.Lint(RuleMerger.Merge([file]), new LintOptions { Machine = Machine.X86_64, OtherMachines = others });
    }
}
