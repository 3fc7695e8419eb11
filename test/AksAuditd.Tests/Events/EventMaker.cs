using System.Text;
using AksAuditd.Events;
using AksAuditd.Events.Pods;
using LinuxAudit.Records;

namespace AksAuditd.Tests.Events;

/// <summary>Makes events and their facts from lines of a log.</summary>
internal static class EventMaker
{
    public const string Exec =
        "type=SYSCALL msg=audit(1700000000.123:7): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ppid=10 pid=11 auid=1000 uid=0 gid=0 euid=0 suid=0 "
        + "fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm=\"ls\" exe=\"/usr/bin/ls\" subj=unconfined key=\"procmon\"";

    public static IdentityTable Names { get; } = IdentityTable.Parse("root:x:0:0::/:/bin/sh\nalice:x:1000:1000::/:/bin/sh\n"u8, "root:x:0:\n"u8);

    /// <summary>The one event that lines make.</summary>
    public static AuditEvent Event(params string[] lines)
    {
        EventAssembler assembler = new();
        foreach (string line in lines) Assert.True(assembler.Add(Encoding.Latin1.GetBytes(line)));
        assembler.Flush();
        Assert.True(assembler.TryTake(out AuditEvent? made));
        Assert.False(assembler.TryTake(out _));
        return made;
    }

    /// <summary>The facts of the one event that lines make, which is not given back: nobody else is to have its records.</summary>
    public static EventFacts Facts(params string[] lines)
    {
        EventFacts facts = new();
        facts.Read(Event(lines));
        return facts;
    }

    public static ProcessContext InPod(string podNamespace, string pod, string container = "app", string uid = "11111111-2222-3333-4444-555555555555")
    {
        Container made = new("0123456789abcdef") { PodUid = uid };
        made.Rename(podNamespace, pod, container);
        return new(ProcessPlace.Container, made, null);
    }

    public static ProcessContext OnHost => new(ProcessPlace.Host, null, null);
}
