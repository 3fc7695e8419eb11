using System.Buffers;
using System.Text;
using AksAuditd.Report;
using static AksAuditd.Tests.Report.ReportMaker;

namespace AksAuditd.Tests.Report;

public sealed class ProcessTreeTests
{
    private const uint NoLogin = uint.MaxValue;

    [Fact]
    public void Add_Children_HangBelowTheirParents() => Assert.Equal("""
        unknown
         1000 (login)
          /bin/bash as root 2
           /bin/ls as root 1
           /bin/su as root 1
            /bin/sh as 33 1

        """, Drawn([.. Exec(0, 1, 100, 1, "/bin/bash"), .. Exec(1, 2, 101, 100, "/bin/ls"), .. Exec(2, 3, 102, 100, "/bin/su"), .. Exec(3, 4, 103, 102, "/bin/sh", uid: 33),
            .. Exec(4, 5, 104, 100, "/bin/bash")]));

    [Fact]
    public void Add_OtherLogin_HangsBelowWhoLoggedIn() => Assert.Equal("""
        unknown
         1000 (login)
          /bin/bash as 1000 1
         root
          /usr/sbin/sshd as root 1

        """, Drawn([.. Exec(0, 1, 100, 1, "/usr/sbin/sshd", auid: NoLogin), .. Exec(1, 2, 101, 100, "/bin/bash", uid: 1000)]));

    [Fact]
    public void Add_ProgramInTheSameProcess_TakesItsPlace() => Assert.Equal("""
        unknown
         1000 (login)
          /bin/a as root 1
           /bin/b as root 1
           /bin/c as root 1

        """, Drawn([.. Exec(0, 1, 100, 1, "/bin/a"), .. Exec(1, 2, 101, 100, "/bin/b"), .. Exec(2, 3, 101, 100, "/bin/c")]));

    [Fact]
    public void Add_AuditdStartedBetween_KnowsNoParent() => Assert.Equal("""
        unknown
         1000 (login)
          /bin/a as root 1
          /bin/b as root 1
         root
           as root 1

        """, Drawn([.. Exec(0, 1, 100, 1, "/bin/a"), "type=DAEMON_START msg=audit(1700000001.000:9000): op=start ver=3.0.9 auid=4294967295 pid=8714 uid=0 ses=4294967295 res=success",
            .. Exec(2, 2, 101, 100, "/bin/b")]));

    [Fact]
    public void Add_ManyPrograms_StaysBounded()
    {
        ProcessTree tree = new(most: 10);
        ReportEvent added = new() { Success = true };
        for (uint i = 0; i < 100; i++)
        {
            added.Clear();
            (added.Pid, added.ParentPid) = (i + 2, i + 1);
            added.Executable.Write(Encoding.ASCII.GetBytes($"/bin/{i}"));
            tree.Add(added, 0, "host"u8);
        }

        Assert.True(tree.IsFull);
        Assert.Equal(100, tree.Root.AllEvents);
        Assert.Equal(10, Count(tree.Root) - 1);
    }

    private static int Count(ProcessNode node) => 1 + node.Sorted().Sum(c => Count(c.Node));

    private static string Drawn(string[] lines)
    {
        StringBuilder drawn = new();
        foreach ((ProcessNode place, _) in Read(lines).Tree.Root.Sorted())
        {
            drawn.AppendLine(Shown.Text(place.Name));
            foreach ((ProcessNode user, _) in place.Sorted().OrderBy(u => Shown.Text(u.Node.Name)))
            {
                drawn.AppendLine($" {Shown.Text(user.Name)}{(user.User.Length > 0 ? " (login)" : "")}");
                foreach ((ProcessNode program, _) in user.Sorted()) Draw(program, "  ", drawn);
            }
        }

        return drawn.ToString();
    }

    private static void Draw(ProcessNode node, string indent, StringBuilder to)
    {
        to.AppendLine($"{indent}{Shown.Text(node.Name)} as {Shown.Text(node.User)} {node.Events}");
        foreach ((ProcessNode child, _) in node.Sorted().OrderBy(c => Shown.Text(c.Node.Name))) Draw(child, indent + " ", to);
    }
}
