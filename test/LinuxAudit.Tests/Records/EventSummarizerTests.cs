using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public sealed class EventSummarizerTests
{
    private static readonly EventSummarizer Summarizer = new(new Interpreter(IdentityTable.Parse("root:x:0:0:::\nalice:x:1000:1000:::\n"u8, default)));

    private const string Call = "success={1} exit=0 a0=0 a1=0 a2=0 a3=0 items=2 ppid=1 pid=2 auid=1000 uid=0 gid=0 ses=3 comm=\"cm\" exe=\"/usr/bin/cm\" key={2}";

    private static string Summarize(params string[] records)
    {
        EventAssembler assembler = new();
        foreach (string record in records) assembler.Add(Lines.Bytes(record.Replace(": ", " msg=audit(1.000:1): ", StringComparison.Ordinal)));
        assembler.Flush();
        Assert.True(assembler.TryTake(out AuditEvent? e));
        EventSummary summary = new();
        Summarizer.Summarize(e, summary);
        return string.Join('|', Enumerable.Range(0, EventSummary.Columns).Select(c => Lines.Text(summary[(SummaryColumn)c])));
    }

    private static string Syscall(int number, bool success = true, string key = "(null)") =>
        "type=SYSCALL: arch=c000003e syscall=" + number + " " + Call.Replace("{1}", success ? "yes" : "no", StringComparison.Ordinal).Replace("{2}", key, StringComparison.Ordinal);

    [Fact]
    public void Summarize_OpenedFile_HasItsWholePath() => Assert.Equal(
        "SYSCALL|audit-rule|3|alice|root|privileged-acct|opened-file|failed|/etc/shadow|7|file|/usr/bin/cm",
        Summarize(Syscall(257, success: false), "type=CWD: cwd=\"/etc/apt\"", "type=PATH: item=0 name=\"../shadow\" inode=7 mode=0100640 nametype=NORMAL"));

    [Fact]
    public void Summarize_CreatedFile_IsNotItsDirectory() => Assert.Equal(
        "SYSCALL|audit-rule|3|alice|root|privileged-acct|created-directory|success|/tmp/new|9|directory|/usr/bin/cm",
        Summarize(Syscall(83), "type=CWD: cwd=\"/tmp\"", "type=PATH: item=0 name=\"/tmp\" inode=1 mode=040755 nametype=PARENT", "type=PATH: item=1 name=\"new\" inode=9 mode=040755 nametype=CREATE"));

    [Fact]
    public void Summarize_Connection_HasItsAddress() => Assert.Equal(
        "SYSCALL|audit-rule|3|alice|root|privileged-acct|connected-to|success|{ saddr_fam=inet laddr=10.0.0.1 lport=80 }||socket|/usr/bin/cm",
        Summarize(Syscall(42), "type=SOCKADDR: saddr=020000500A0000010000000000000000"));

    [Fact]
    public void Summarize_UnknownSyscallWithKeys_NamesTheFirst() => Assert.Equal(
        "SYSCALL|audit-rule|3|alice|root|privileged-acct|triggered-audit-rule|success|k1||admin-defined-rule|/usr/bin/cm", Summarize(Syscall(41, key: "6B31016B32")));

    [Fact]
    public void Summarize_Login_HasTheAccount() => Assert.Equal(
        "USER_LOGIN|user-login|3|alice||user-acct|logged-in|failed|ssh||user-session|/usr/sbin/sshd",
        Summarize("type=USER_LOGIN: pid=1 uid=0 auid=4294967295 ses=3 msg='op=login id=1000 exe=\"/usr/sbin/sshd\" hostname=? addr=? terminal=ssh res=failed'"));

    [Fact]
    public void Summarize_RecordBeforeTheSyscall_IsWhatItIsAbout() => Assert.Equal(
        "NETFILTER_CFG|configuration|3|alice|root|privileged-acct|loaded-firewall-rule-to|success|filter:2||firewall|/usr/bin/cm",
        Summarize("type=NETFILTER_CFG: table=filter:2 family=2 entries=1 op=nft_register_rule pid=2 comm=\"cm\"", Syscall(46)));

    [Fact]
    public void Summarize_NewerType_SaysSo() => Assert.Equal(
        "NEWER|unknown|||||did-unknown||||unknown|", Summarize("type=NEWER: a=1"));
}
