using LinuxAudit.Rules;

namespace LinuxAudit.Tests.Rules;

public sealed class RuleParserTests
{
    /// <summary>What is read, and how it prints.</summary>
    [Theory]
    [InlineData("-a always,exit -F arch=b64 -S openat,execve -F auid>=1000 -F auid!=unset -k a -k b", "-a always,exit -F arch=b64 -S execve,openat -F auid>=1000 -F auid!=-1 -F key=a -F key=b")]
    [InlineData("-a exit,never -S all", "-a never,exit -S all")]
    [InlineData("-S open -a always,exit", "-a always,exit -S open")]
    [InlineData("-aalways,exit -Sopen -kx", "-a always,exit -S open -F key=x")]
    [InlineData("-a never,task", "-a never,task")]
    [InlineData("-a always,exclude -F msgtype=1307", "-a always,exclude -F msgtype=CWD")]
    [InlineData("-a never,filesystem -F fstype=0x74726163", "-a never,filesystem -F fstype=tracefs")]
    [InlineData("-a always,io_uring -S openat,write -F uid=0 -k u", "-a always,io_uring -S openat,write -F uid=0 -F key=u")]
    [InlineData("-w /etc/passwd -p aw -k x", "-w /etc/passwd -p wa -k x")]
    [InlineData("-w /etc/", "-w /etc -p rwxa")]
    [InlineData("-a always,exit -F path=/etc/x\\ y -F perm=r", "-w /etc/x\\ y -p r")]
    [InlineData("-a never,exit -F path=/etc/x -F perm=r", "-a never,exit -S all -F path=/etc/x -F perm=r")]
    [InlineData("-a always,exit -F exit=-13 -F a0=-1 -F a1&0100 -F a2&=7", "-a always,exit -S all -F exit=-EACCES -F a0=0xFFFFFFFF -F a1&0x40 -F a2&=0x7")]
    [InlineData("-a always,exit -F filetype=fifo -F inode!=4294967295", "-a always,exit -S all -F filetype=fifo -F inode!=4294967295")]
    [InlineData("-a always,exit -C obj_uid!=auid", "-a always,exit -S all -C auid!=obj_uid")]
    [InlineData("-a always,exit -F arch=i686 -S 5", "-a always,exit -F arch=b32 -S open")]
    [InlineData("-a always,exit -F arch=aarch64 -S openat", "-a always,exit -F arch=aarch64 -S openat")]
    [InlineData("-a always,exit -F auid=0 -F arch=b64 -S open -F key=k", "-a always,exit -F auid=0 -F arch=b64 -S open -F key=k")]
    public void Parse_Rule_PrintsCanonically(string text, string canonical)
    {
        AuditRule rule = Read.Rule(text);
        Assert.Equal(canonical, rule.ToText(Machine.X86_64));
        Assert.Equal(rule, Read.Rule(canonical, new RuleContext { Machine = Machine.X86_64, Paths = new DirectoryWhere(p => p == "/etc") }));
    }

    [Theory]
    [InlineData("-A always,exit -S all", RuleOperation.Prepend)]
    [InlineData("-a always,exit -S all", RuleOperation.Append)]
    [InlineData("-d always,exit -S all", RuleOperation.Delete)]
    [InlineData("-w /x", RuleOperation.Append)]
    [InlineData("-W /x", RuleOperation.Delete)]
    public void Parse_RuleOption_IsTheOperation(string text, RuleOperation operation)
    {
        RuleDirective directive = Assert.Single(Read.File(text).Directives.OfType<RuleDirective>());
        Assert.Equal((operation, text.EndsWith("/x", StringComparison.Ordinal)), (directive.Operation, directive.IsWatch));
    }

    [Theory]
    [InlineData("-e 2", ControlSetting.Enabled, 2u, null)]
    [InlineData("-f 1", ControlSetting.Failure, 1u, null)]
    [InlineData("-r 100", ControlSetting.RateLimit, 100u, null)]
    [InlineData("-b 0x2000", ControlSetting.BacklogLimit, 8192u, null)]
    [InlineData("--backlog_wait_time 60000", ControlSetting.BacklogWaitTime, 60000u, null)]
    [InlineData("--backlog_wait_time=60000", ControlSetting.BacklogWaitTime, 60000u, null)]
    [InlineData("--loginuid", ControlSetting.LoginuidImmutable, 0u, null)]
    [InlineData("--reset-lost", ControlSetting.ResetLost, 0u, null)]
    [InlineData("--reset_backlog_wait_time_actual", ControlSetting.ResetBacklogWaitTimeActual, 0u, null)]
    [InlineData("--signal usr1", ControlSetting.Signal, 0u, "USR1")]
    [InlineData("-q /mnt,/srv/mnt", ControlSetting.MakeEquivalent, 0u, "/mnt,/srv/mnt")]
    [InlineData("-t", ControlSetting.TrimSubtrees, 0u, null)]
    [InlineData("-i", ControlSetting.IgnoreErrors, 0u, null)]
    [InlineData("-c", ControlSetting.ContinueOnErrors, 0u, null)]
    [InlineData("-s", ControlSetting.ShowStatus, 0u, null)]
    [InlineData("-l -k x", ControlSetting.ListRules, 0u, null)]
    [InlineData("-v", ControlSetting.ShowVersion, 0u, null)]
    [InlineData("-m hello", ControlSetting.Message, 0u, "hello")]
    public void Parse_Setting_IsADirective(string text, ControlSetting setting, uint value, string? argument)
    {
        RuleFile file = Read.File(text);
        Assert.Empty(file.Diagnostics);
        Assert.Equal((setting, value, argument), Assert.Single(file.Directives.OfType<ControlDirective>()) is { } d ? (d.Setting, d.Value, d.Argument) : default);
    }

    [Theory]
    [InlineData("-D", null)]
    [InlineData("-D -k foo", "foo")]
    public void Parse_DeleteAll_HasItsKey(string text, string? key) =>
        Assert.Equal(key, Assert.Single(Read.File(text).Directives.OfType<DeleteAllDirective>()).Key);

    [Fact]
    public void Parse_SeveralSettingsInALine_AreSeveralDirectives() =>
        Assert.Equal([ControlSetting.Failure, ControlSetting.RateLimit], Read.File("-f 2 -r 5").Directives.OfType<ControlDirective>().Select(d => d.Setting));

    [Fact]
    public void Parse_CommentsAndBlankLines_AreNothing()
    {
        RuleFile file = Read.File("# a\n\n   \n  # b\n#\n-D");
        Assert.Empty(file.Diagnostics);
        Assert.Equal(6, Assert.Single(file.Directives).Location.Line);
    }

    [Theory]
    [InlineData("a\\ b", "a b")]
    [InlineData("a\\b", "a\\b")]
    [InlineData("a\\\\", "a\\")]
    [InlineData("a\\\\\\ b", "a\\ b")]
    [InlineData("\\ a", " a")]
    [InlineData("a\"b", "a\"b")]
    public void Parse_Escapes_AreAuditctls(string written, string key)
    {
        AuditRule rule = Read.Rule($"-w /etc -k {written} -p r");
        Assert.Equal([key], rule.Keys);
        Assert.Equal(rule, Read.Rule(rule.ToText(Machine.X86_64)));
    }

    [Fact]
    public void Parse_WatchOnANode_AsksWhatIsThere()
    {
        Assert.Equal(RuleField.Dir, Read.Rule("-w /etc -p w", Read.Node).Fields[0].Field);
        Assert.Equal(RuleField.Path, Read.Rule("-w /etc/passwd/ -p w", Read.Node).Fields[0].Field);
        Assert.Equal(RuleField.Path, Read.Rule("-w /etc -p w").Fields[0].Field);
        Assert.Equal(RuleField.Dir, Read.Rule("-w /etc/ -p w").Fields[0].Field);
    }

    [Fact]
    public void Parse_ArchOnArm_MeansArm()
    {
        RuleContext arm = new() { Machine = Machine.Aarch64 };
        AuditRule rule = Read.Rule("-a always,exit -F arch=b64 -S openat", arm);
        Assert.Equal(((Machine?)Machine.Aarch64, 56), (rule.Arch, rule.Syscalls.Numbers.Single()));
        Assert.Equal("-a always,exit -F arch=b64 -S openat", rule.ToText(Machine.Aarch64));
        Assert.Equal(322, Read.Rule("-a always,exit -F arch=b32 -S openat", arm).Syscalls.Numbers.Single());
    }

    private sealed class DirectoryWhere(Predicate<string> isDirectory) : IPathResolver
    {
        public PathKind Find(string path) => isDirectory(path) ? PathKind.Directory : PathKind.File;
    }
}
