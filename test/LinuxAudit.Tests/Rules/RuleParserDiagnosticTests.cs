using LinuxAudit.Rules;

namespace LinuxAudit.Tests.Rules;

public sealed class RuleParserDiagnosticTests
{
    /// <summary>Text, code, column, length, the start of the fix.</summary>
    public static TheoryData<string, string, int, int, string?> Lines => new()
    {
        { "-b 5 6", "AUD001", 6, 1, null },
        { "-a always,exit -S all # why", "AUD001", 23, 1, "put the comment on a line of its own" },
        { "-a always,exit -S all -x", "AUD002", 23, 2, null },
        { "\u2013a always,exit -S all", "AUD002", 1, 2, "write -a" },
        { "-w /etc \u2014p wa", "AUD002", 9, 2, "write -p" },
        { "\u2014signal HUP", "AUD002", 1, 7, "write --signal" },
        { "-w /etc -p wa cron", "AUD001", 15, 4, "did you mean -k cron?" },
        { "-a always,exit -S open, close", "AUD001", 19, 11, "write -S open,close" },
        { "--signl HUP", "AUD002", 1, 7, "did you mean \"--signal\"?" },
        { "-a always,exit -F", "AUD003", 18, 0, null },
        { "-a always,exit -S -k x", "AUD003", 18, 0, null },
        { "-k x\0y", "AUD004", 5, 1, null },
        { "-a always,exit\t-S all", "AUD005", 15, 1, "write a space" },
        { "\t", "AUD005", 1, 1, "write a space" },
        { "\t# comment", "AUD005", 1, 1, "write a space" },
        { "-w /etc -k \"a b\"", "AUD006", 12, 5, "write a\\ b" },
        { "-w /etc -k 'a b c' -p wa", "AUD006", 12, 7, "write a\\ b\\ c" },
        { "-R /etc/audit/audit.rules", "AUD008", 1, 2, "delete the line" },
        { "-a alwyas,exit -S all", "AUD013", 4, 6, "did you mean \"always\"?" },
        { "-a exit,always,x -S all", "AUD013", 4, 13, null },
        { "-a entry,always -S all", "AUD013", 4, 5, "write exit" },
        { "-a always -S all", "AUD013", 4, 6, "write always,exit" },
        { "-a always, exit -S all", "AUD013", 4, 12, "write -a always,exit" },
        { "-a always ,exit -S all", "AUD013", 4, 12, "write -a always,exit" },
        { "-a always,exit -S all -w /etc", "AUD014", 23, 2, "put the second rule" },
        { "-F uid=0", "AUD015", 4, 5, "start the line with -a always,exit" },
        { "-a always,exit -F aiud=0", "AUD016", 19, 4, "did you mean \"auid\"?" },
        { "-a always,exit -F perms=wa", "AUD016", 19, 5, "did you mean \"perm\"?" },
        { "-a always,exit -F username=x", "AUD016", 19, 8, "did you mean \"uid\" or \"auid\"?" },
        { "-a always,exit -F auid", "AUD017", 19, 4, "write auid=VALUE" },
        { "-a always,exit -F auid >= 1000", "AUD017", 19, 12, "write -F auid>=1000" },
        { "-a always,exit -F auid >=1000", "AUD017", 19, 11, "write -F auid>=1000" },
        { "-a always,exit -F exit= -EACCES", "AUD017", 19, 13, "write -F exit=-EACCES" },
        { "-a always,exit -C uid != euid", "AUD017", 19, 11, "write -C uid!=euid" },
        { "-a always,exit -F auid>=", "AUD018", 25, 0, null },
        { "-a always,exit -F auid&5", "AUD019", 19, 6, null },
        { "-a always,exit -F path!=/x", "AUD019", 19, 8, "write path=/x" },
        { "-a always,user -F path=/x", "AUD020", 19, 4, null },
        { "-a always,exit -F path=/x -F dir=/y", "AUD022", 30, 6, "put dir into a rule of its own" },
        { "-a always,exit -C uid=gid", "AUD023", 19, 7, null },
        { "-a always,user -S open", "AUD024", 19, 4, "delete the -S" },
        { "-a always,exit -S open -F arch=b64", "AUD025", 27, 8, "move -F arch=b64 in front" },
        { "-a always,exit -F uid=0 -k x", "AUD026", 28, 1, "write -S all before it" },
        { "-a always,exit -F auid=5x", "AUD030", 24, 2, null },
        { "-a always,exit -F success=no", "AUD030", 27, 2, "write success=0" },
        { "-a always,exit -F a1=SIGKILL", "AUD030", 22, 7, "write a1=9" },
        { "-a always,exit -F a0=AF_INET6", "AUD030", 22, 8, "write a0=10" },
        { "-a always,exit -F saddr_fam=unix", "AUD030", 29, 4, "write saddr_fam=1" },
        { "-a always,exit -F pid=08", "AUD030", 23, 2, "a number that starts with 0 is octal" },
        { "-a always,exit -F auid=4294967296", "AUD031", 24, 10, null },
        { "-a always,exit -F uid=-1", "AUD031", 23, 2, null },
        { "-a always,exit -F arch=b64 -S read,exceve,write", "AUD032", 36, 6, "did you mean \"execve\"?" },
        { "-a always,exit -F arch=b32 -S newfstatat", "AUD032", 31, 10, "only x86_64 has it" },
        { "-a always,exit -F arch=arm64 -S 5", "AUD033", 24, 5, "did you mean \"aarch64\"?" },
        { "-a always,exit -F exit=-EACCESS", "AUD034", 24, 8, "did you mean \"-EACCES\"?" },
        { "-a never,exclude -F msgtype=CDW", "AUD035", 29, 3, "did you mean \"CWD\"?" },
        { "-a always,exclude -F msgtype=CWD,PATH", "AUD035", 30, 8, "write a rule for each" },
        { "-a always,exit -F filetype=directory", "AUD036", 28, 9, null },
        { "-a never,filesystem -F fstype=tracesf", "AUD037", 31, 7, "did you mean \"tracefs\"?" },
        { "-w /etc -p wq", "AUD038", 13, 1, null },
        { "-w etc/passwd", "AUD039", 4, 10, "write /etc/passwd" },
        { "-a always,exit -F exit=EACCES", "AUD072", 24, 6, "did you mean \"-EACCES\"?" },
        { "-a always,exit -F path=/etc/", "AUD039", 24, 5, "use dir= for a directory" },
        { "-e 3", "AUD042", 4, 1, null },
        { "-b lots", "AUD042", 4, 4, null },
        { "-D -b 5", "AUD043", 4, 2, "put it on a line of its own" },
    };

    [Theory, MemberData(nameof(Lines))]
    public void Parse_OneMistake_IsReportedWithItsPlaceAndFix(string text, string code, int column, int length, string? fix)
    {
        RuleFile file = Read.File(text + "\n");
        Diagnostic diagnostic = Assert.Single(file.Diagnostics);
        Assert.Equal(code, diagnostic.Code);
        Assert.Equal(new SourceLocation("a.rules", 1, column, length), diagnostic.Location);
        if (fix is null) return;
        Assert.NotNull(diagnostic.Fix);
        Assert.StartsWith(fix, diagnostic.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-a always,exit -F exe=kubectl")]
    [InlineData("-w ./passwd")]
    [InlineData("-w ~/.ssh")]
    public void Parse_PathThatNobodyCanComplete_HasNoFix(string text)
    {
        Diagnostic diagnostic = Assert.Single(Read.File(text).Diagnostics);
        Assert.Equal(("AUD039", null), (diagnostic.Code, diagnostic.Fix));
    }

    [Fact]
    public void Parse_PositiveErrno_IsAWarningAndTheNumber()
    {
        RuleFile file = Read.File("-a always,exit -F exit!=EACCES");
        Assert.Equal(DiagnosticSeverity.Warning, Assert.Single(file.Diagnostics).Severity);
        Assert.Equal(13u, Assert.Single(file.Directives.OfType<RuleDirective>()).Rule.Fields[0].Value);
    }

    [Theory]
    [InlineData("-a always,exit -S all -F key= -k x", "AUD028")]
    [InlineData("-a always,exit -F auid>= -k x", "AUD018")]
    [InlineData("-a always,exit -F auid >= 10x", "AUD017,AUD030")]
    [InlineData("-a always, # why", "AUD001,AUD013")]
    public void Parse_WordsThatAreNoneSplitInTwo_AreNotJoined(string text, string codes) =>
        Assert.Equal(codes, string.Join(',', Read.File(text + "\n").Diagnostics.Select(d => d.Code).Distinct()));

    [Fact]
    public void Parse_FiveMistakesInFiveLines_AreAllReported()
    {
        RuleFile file = Read.File("-a alwas,exit\n-w /etc -p wa\n-F uid=0\n# ok\n-e 9\n-a always,exit -F arch=b64 -S opn -F uidd=0\n");
        Assert.Equal(["1 AUD013", "3 AUD015", "5 AUD042", "6 AUD032", "6 AUD016"], file.Diagnostics.Select(d => $"{d.Location.Line} {d.Code}"));
        Assert.True(file.HasSourceErrors);
        Assert.Single(file.Directives);
    }

    [Theory]
    [InlineData("-k é -F", 8)]
    [InlineData("-k \U0001F512 -F", 8)]
    public void Parse_CharactersOfSeveralBytes_CountAsOneColumn(string text, int column) =>
        Assert.Contains(Read.File(text).Diagnostics, d => d.Code == "AUD003" && d.Location.Column == column);

    [Fact]
    public void Parse_InvalidUtf8_WarnsAndKeepsTheBytes()
    {
        RuleFile file = RuleParser.Parse(new RuleSource("a.rules", "-w /etc/\xff\xfe -p w"u8.ToArray()), Read.Laptop);
        Assert.Empty(file.Diagnostics);
        byte[] bytes = [.. "-w /etc/"u8, 0xff, .. " -p w"u8];
        file = RuleParser.Parse(new RuleSource("a.rules", bytes), Read.Laptop);
        Diagnostic diagnostic = Assert.Single(file.Diagnostics);
        Assert.Equal(("AUD009", DiagnosticSeverity.Warning, 9), (diagnostic.Code, diagnostic.Severity, diagnostic.Location.Column));
        AuditRule rule = Assert.Single(file.Directives.OfType<RuleDirective>()).Rule;
        Assert.Equal([.. "/etc/"u8, 0xff], rule.ToWire()[1040..]);
    }

    [Fact]
    public void Parse_CarriageReturns_WarnOnceAndLeaveThemOut()
    {
        RuleFile file = Read.File("-D\r\n-w /etc/passwd -p wa -k x\r\n\r\n");
        Assert.Equal(("AUD010", 1), (Assert.Single(file.Diagnostics).Code, file.Diagnostics[0].Location.Line));
        Assert.Equal("x", Assert.Single(file.Directives.OfType<RuleDirective>()).Rule.Keys.Single());
    }

    [Fact]
    public void Parse_UnknownUser_IsTheNodesProblemAndNotTheFiles()
    {
        RuleFile node = Read.File("-a always,exit -F arch=b64 -S open -F uid=nobody-here\n-a always,exit -S all -F uid=chrony\n", Read.Node);
        Diagnostic diagnostic = Assert.Single(node.Diagnostics);
        Assert.Equal(("AUD050", DiagnosticScope.Node, DiagnosticSeverity.Error), (diagnostic.Code, diagnostic.Scope, diagnostic.Severity));
        Assert.False(node.HasSourceErrors);
        Assert.Equal([false, true], node.Directives.OfType<RuleDirective>().Select(d => d.IsUsable));
        Assert.Equal(107u, node.Directives.OfType<RuleDirective>().Last().Rule.Fields[0].Value);
    }

    [Fact]
    public void Parse_UserNameWithoutResolver_StaysAName()
    {
        RuleFile file = Read.File("-a always,exit -S all -F uid=chrony -F gid=root\n");
        Assert.Equal(("AUD054", DiagnosticSeverity.Information), (Assert.Single(file.Diagnostics).Code, file.Diagnostics[0].Severity));
        RuleDirective directive = Assert.Single(file.Directives.OfType<RuleDirective>());
        Assert.False(directive.IsUsable);
        Assert.Equal("-a always,exit -S all -F uid=chrony -F gid=0", directive.Rule.ToText(Machine.X86_64));
        Assert.Throws<InvalidOperationException>(() => directive.Rule.ToWire());
    }

    [Theory]
    [InlineData("-a always,exit -F arch=b64 -S open", Machine.Aarch64, "AUD052", DiagnosticScope.Node)]
    [InlineData("-a always,exit -F arch=x86_64 -S fstatat", Machine.Aarch64, "AUD032", DiagnosticScope.Source)]
    [InlineData("-a always,exit -F arch=b64 -S opn", Machine.Aarch64, "AUD032", DiagnosticScope.Source)]
    [InlineData("-a always,exit -F arch=b64 -S 5", Machine.Arm, "AUD053", DiagnosticScope.Node)]
    [InlineData("-a always,exit -F path=/nosuch/x", Machine.X86_64, "AUD065", DiagnosticScope.Node)]
    public void Parse_WhatOnlyThisNodeLacks_HasScopeNode(string text, Machine machine, string code, DiagnosticScope scope)
    {
        RuleFile file = Read.File(text, Read.Node with { Machine = machine });
        Diagnostic diagnostic = Assert.Single(file.Diagnostics);
        Assert.Equal((code, scope), (diagnostic.Code, diagnostic.Scope));
        Assert.Equal(scope == DiagnosticScope.Source, file.HasSourceErrors);
        Assert.DoesNotContain(file.Directives.OfType<RuleDirective>(), d => d.IsUsable);
    }

    [Fact]
    public void Catalogue_Codes_AreUniqueAndInOrder()
    {
        string[] codes = [.. DiagnosticCatalogue.All.Select(k => k.Code)];
        Assert.Equal(codes.Order(StringComparer.Ordinal), codes);
        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.All(codes, c => Assert.Matches("^AUD0[0-9]{2}$", c));
        Assert.All(DiagnosticCatalogue.All, k => Assert.EndsWith(".", k.Title, StringComparison.Ordinal));
    }
}
