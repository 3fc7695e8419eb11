using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using AksAuditd.Events;
using AksAuditd.Events.Delivery;
using AksAuditd.Events.Records;
using EndToEnd.Tests.Support;
using LinuxAudit.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndToEnd.Tests.Events.Delivery;

/// <summary>
/// What our plugin sends straight to where Container Insights listens is, byte for byte, what comes there through rsyslog with the template of Container Insights: from
/// audisp-syslog for records, from our own /dev/log sink for JSON. Only the time (rsyslog's is when it got the message) and the process id differ.
/// </summary>
public sealed partial class ContainerInsightsTests
{
    public const string Needed = "needs rsyslog, and audisp-syslog of audispd-plugins (Debian: apt-get install rsyslog audispd-plugins); root";

    private const string Syslogger = "/sbin/audisp-syslog";

    // As auditd gives them to a plugin: any bytes, here one a character.
    private static readonly string[] Records =
    [
        "type=SYSCALL msg=audit(1700000000.123:7): arch=c000003e syscall=59 success=yes pid=11 comm=\"ls\" exe=\"/usr/bin/ls\" key=\"k\"\u001dARCH=x86_64 SYSCALL=execve UID=\"root\"",
        "type=EXECVE msg=audit(1700000000.123:7): argc=2 a0=\"ls\" a1=\"--<13>%s%n\"",
        "type=PATH msg=audit(1700000000.123:7): item=0 name=2F746D702FC3A9 nametype=NORMAL\u001dOUID=\"root\" OGID=\"root\"",
        "type=PROCTITLE msg=audit(1700000000.123:7): proctitle=\"ls\" ",
        "type=USER_CMD msg=audit(1700000000.124:8): pid=1 uid=0 msg='cwd=\"/\" cmd=\"a\tb\u0001c\u007fd \u00c3\u00a9 \u00ff #012 100%\" exe=\"/x\u001dy\" res=success'\u001dUID=\"root\"",
        "node=n1 type=USER_LOGIN msg=audit(1700000000.125:9): pid=1 uid=0 msg='op=login id=0 exe=\"/usr/sbin/sshd\" res=success'",
    ];

    public static bool IsPossible => Rsyslog.IsInstalled && File.Exists(Syslogger) && Environment.UserName == "root";

    [Fact(Skip = Needed, SkipUnless = nameof(IsPossible))]
    public void Records_StraightToTheListener_AreWhatAudispSyslogAndRsyslogSend()
    {
        using Socket theirs = Listen(), ours = Listen();
        using Rsyslog rsyslog = new(FreePort(), Port(theirs));
        RunAudispSyslog(rsyslog.LogSocket);
        string[] expected = [.. Receive(theirs, Records.Length + 1).Where(l => !l.Contains("syslog plugin initialized", StringComparison.Ordinal)).Select(Timeless)];
        Assert.Equal(Records.Length, expected.Length);
        // The receiver reads the tag; audisp-syslog calls itself by auditd's old name, and gives no process id.
        Assert.All(expected, l => Assert.StartsWith($"<182>TIME {Environment.MachineName} audispd: ", l, StringComparison.Ordinal));

        using LineDelivery delivery = Open($"syslog:tcp://127.0.0.1:{Port(ours)}?format=rfc3164&app=audispd");
        RecordsEncoder encoder = new(delivery.MaximumLine, delivery.MaximumGroup);
        foreach (AuditEvent made in Assemble())
            using (made) Assert.True(delivery.Enqueue(encoder.Encode(made, new EventFacts(), default), made.Id.TotalMilliseconds * 1000));
        Assert.Equal(expected, Receive(ours, Records.Length).Select(Timeless));
        Eventually.True(() => delivery.Counters is { Accepted: 3, Delivered: 3 });
    }

    [Fact(Skip = Needed, SkipUnless = nameof(IsPossible))]
    public void Json_StraightToTheListener_IsWhatRsyslogSends()
    {
        const string line = """{"@timestamp":"2023-11-14T22:13:20.123Z","process":{"args":["two  blanks","\u001d","é","%s","<13>"]}}""";
        using Socket theirs = Listen(), ours = Listen();
        using Rsyslog rsyslog = new(FreePort(), Port(theirs));
        using LineDelivery local = Open($"syslog:{rsyslog.LogSocket}"), direct = Open($"syslog:tcp://127.0.0.1:{Port(ours)}?format=rfc3164");
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000;
        Assert.True(local.Enqueue(Encoding.UTF8.GetBytes(line), now) && direct.Enqueue(Encoding.UTF8.GetBytes(line), now));
        string expected = Assert.Single(Receive(theirs, 1)), sent = Assert.Single(Receive(ours, 1));
        Assert.Equal(Timeless(expected), Timeless(sent));
        // This machine runs in UTC, as AKS nodes do: then the times are those of one clock too.
        Assert.InRange(TimeOf(expected) - TimeOf(sent), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static IEnumerable<AuditEvent> Assemble()
    {
        EventAssembler assembler = new();
        foreach (string record in Records) Assert.True(assembler.Add(Encoding.Latin1.GetBytes(record)));
        assembler.Flush();
        while (assembler.TryTake(out AuditEvent? made)) yield return made;
    }

    // syslog(3) knows /dev/log alone: a mount namespace in which /dev is the directory of rsyslog's socket.
    private static void RunAudispSyslog(string socket)
    {
        string script = $"mount --bind {Path.GetDirectoryName(socket)} /dev && exec {Syslogger} LOG_INFO LOG_LOCAL6";
        using Process process = Process.Start(new ProcessStartInfo("unshare", ["-m", "/bin/sh", "-c", script]) { RedirectStandardInput = true })!;
        foreach (string record in Records) process.StandardInput.BaseStream.Write(Encoding.Latin1.GetBytes(record + "\n"));
        process.StandardInput.BaseStream.Flush();
        // It reads what has come before it sees the end only when it is given the time.
        Thread.Sleep(500);
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static LineDelivery Open(string text)
    {
        Assert.True(SinkAddress.TryParse(text, out SinkAddress? address, out string? error), error);
        return new(address.Open(TimeProvider.System), new(), TimeProvider.System, NullLogger.Instance);
    }

    [GeneratedRegex(@"^(<\d+>)([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) ([^ ]+ [^ :\[]+)(\[\d+\])?:")]
    private static partial Regex Head();

    private static string Timeless(string line)
    {
        Assert.Matches(Head(), line);
        return Head().Replace(line, "$1TIME $3:");
    }

    private static DateTime TimeOf(string line) => DateTime.ParseExact(Head().Match(line).Groups[2].Value, ["MMM d HH:mm:ss", "MMM  d HH:mm:ss"], System.Globalization.CultureInfo.InvariantCulture);

    private static Socket Listen()
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static int FreePort()
    {
        using Socket socket = Listen();
        return Port(socket);
    }

    private static string[] Receive(Socket listener, int lines)
    {
        using Socket client = listener.Accept();
        client.ReceiveTimeout = 15_000;
        using MemoryStream all = new();
        byte[] buffer = new byte[64 * 1024];
        for (int seen = 0; seen < lines;)
        {
            int read = client.Receive(buffer);
            Assert.True(read > 0);
            all.Write(buffer, 0, read);
            seen += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        // A byte a character, so that bytes that are no text are compared too.
        return Encoding.Latin1.GetString(all.ToArray()).Split('\n')[..^1];
    }
}
