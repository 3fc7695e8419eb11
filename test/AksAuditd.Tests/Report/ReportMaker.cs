using System.Text;
using AksAuditd.Report;
using AksAuditd.Report.Html;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Report;

/// <summary>Makes reports and pages of lines.</summary>
internal static class ReportMaker
{
    public static ReportPageOptions Options { get; } = new() { Version = "1.2.3", Made = new(2026, 11, 22, 7, 0, 0, TimeSpan.Zero) };

    /// <summary>The report of files with these lines, one file for each; bytes are those of Latin-1.</summary>
    public static AuditReport Read(ReportReaderOptions options, params string[][] files)
    {
        using TempDirectory directory = new();
        List<string> paths = [];
        foreach (string[] lines in files)
        {
            paths.Add(directory[$"file-{paths.Count}"]);
            File.WriteAllBytes(paths[^1], Encoding.Latin1.GetBytes(string.Concat(lines.Select(l => l + "\n"))));
        }

        List<ReportInput> inputs = ReportInputs.Open(paths);
        AuditReport report = new();
        try
        {
            new ReportReader(report, options).Read(inputs);
        }
        finally
        {
            foreach (ReportInput input in inputs) input.Dispose();
        }

        return report;
    }

    public static AuditReport Read(params string[] lines) => Read(new ReportReaderOptions(), lines);

    public static string Page(AuditReport report, ReportPageOptions? options = null)
    {
        using StringWriter page = new();
        ReportPage.Write(report, options ?? Options, page);
        return page.ToString();
    }

    /// <summary>A program that was started: one record of 284 bytes and one of its arguments.</summary>
    public static string[] Exec(long second, uint serial, uint pid, uint parent, string exe, string key = "procmon", uint auid = 1000, uint uid = 0, string arguments = "a0=\"x\"") =>
    [
        $"type=SYSCALL msg=audit({1_700_000_000 + second}.000:{serial}): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ppid={parent} pid={pid} auid={auid} uid={uid} gid=0 euid={uid} "
            + $"suid={uid} fsuid={uid} egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm=\"x\" exe=\"{exe}\" key={(key.Length == 0 ? "(null)" : $"\"{key}\"")}",
        $"type=EXECVE msg=audit({1_700_000_000 + second}.000:{serial}): argc=1 {arguments}",
        $"type=PROCTITLE msg=audit({1_700_000_000 + second}.000:{serial}): proctitle=\"x\"",
    ];

    /// <summary>A connect(2), to 10.1.2.3:443.</summary>
    public static string[] Connect(long second, uint serial, uint pid, string exe, bool success = true) =>
    [
        $"type=SYSCALL msg=audit({1_700_000_000 + second}.000:{serial}): arch=c000003e syscall=42 success={(success ? "yes" : "no")} exit=0 a0=3 a1=2 a2=10 a3=4 items=0 ppid=1 pid={pid} auid=4294967295 uid=0 gid=0 "
            + $"euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm=\"x\" exe=\"{exe}\" key=\"net\"",
        $"type=SOCKADDR msg=audit({1_700_000_000 + second}.000:{serial}): saddr=020001BB0A0102030000000000000000",
        $"type=PROCTITLE msg=audit({1_700_000_000 + second}.000:{serial}): proctitle=\"x\"",
    ];

    /// <summary>A row of a table as its name and events.</summary>
    public static (string Name, long Events)[] Rows(CountTable table) => [.. table.Sorted().Select(r => (Shown.Text(r.Name), r.Events))];
}
