using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using EndToEnd.Tests.Support;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using LinuxAudit.Rules;
using TestSupport;

namespace EndToEnd.Tests.RulePacks;

/// <summary>A record from the kernel.</summary>
/// <param name="Type">Its type, 1300 for SYSCALL.</param>
/// <param name="Serial">Its event's number.</param>
/// <param name="Text">Its text.</param>
internal sealed record PackRecord(ushort Type, long Serial, string Text)
{
    public const ushort Syscall = 1300, Path = 1302;

    /// <summary>The value of a field; null when there is none.</summary>
    public string? this[string field] => Regex.Match(Text, $" {field}=(\"?)([^ \"]*)\\1") is { Success: true } match ? match.Groups[2].Value : null;
}

/// <summary>
/// Every pack loaded into the kernel for a node whose root is a directory of its own: the kernel resolves a rule's paths in the root of the thread that
/// sends it, so nothing of this machine is watched or touched. auditd takes the records and writes none; the kernel's copy is read here.
/// (This cannot be the daemon itself: the kernel does not audit the daemon's calls.)
/// </summary>
public sealed class PackNode : IDisposable
{
    private const ushort Marker = 1111;

    private readonly AuditClient? _client;
    private readonly AuditEventSocket? _listener;
    private readonly AuditStatus _before;
    private readonly byte[] _buffer = new byte[AuditEventSocket.MaxMessage];
    private Process? _auditd;
    private int _marker;

    public PackNode()
    {
        if (!AuditMachine.IsUsable) return;
        AuditMachine.ClearRules();
        _client = AuditClient.Open();
        Assert.Equal(Errno.None, _client.GetStatus(out _before));
        try
        {
            Assert.Equal(Errno.None, _client.SetStatus(new AuditStatus { Mask = AuditStatusMask.BacklogLimit, BacklogLimit = 32768 }));
            _listener = AuditEventSocket.Listen(receiveBuffer: 16 * 1024 * 1024);
            StartAuditd();
            Excluded = Noise.All.ToDictionary(n => n.Key, n => Record(n.Value).Count(r => r.Type == n.Key));
            Rules = [.. RulePack.Merge(Machines.Current).UsableRules];
            foreach (RuleDirective directive in Rules) MakeFiles(directive.Rule);
            Load();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Every rule, in the order of loading.</summary>
    public IReadOnlyList<RuleDirective> Rules { get; } = [];

    /// <summary>For each type that <see cref="Noise"/> makes, how many records came before the rules were loaded.</summary>
    public IReadOnlyDictionary<ushort, int> Excluded { get; } = new Dictionary<ushort, int>();

    /// <summary>The node's root directory.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("aks-auditd-packs-").FullName;

    /// <summary>Every record between the start and the end of what <paramref name="action"/> does, of all processes.</summary>
    internal List<PackRecord> Record(Action action)
    {
        (string begin, string end) = ($"op=begin-{++_marker} ", $"op=end-{_marker} ");
        Mark(begin);
        action();
        Mark(end);
        List<PackRecord> records = [];
        bool inside = false;
        while (true)
        {
            ReceiveStatus status = _listener!.Receive(_buffer, TimeSpan.FromSeconds(10), out AuditMessage message);
            Assert.Equal(ReceiveStatus.Message, status);
            string text = Encoding.UTF8.GetString(message.Payload);
            if (message.Type == Marker && text.Contains(end, StringComparison.Ordinal)) return records;
            if (inside) records.Add(new(message.Type, long.Parse(Regex.Match(text, @"^audit\([0-9.]+:(\d+)\)").Groups[1].Value, CultureInfo.InvariantCulture), text));
            inside |= message.Type == Marker && text.Contains(begin, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        if (_client is null) return;
        AuditMachine.ClearRules();
        if (_auditd is { HasExited: false })
        {
            AuditMachine.Run("kill", $"{_auditd.Id}");
            Assert.True(_auditd.WaitForExit(10_000), "auditd does not end");
        }

        Assert.Equal(Errno.None, _client.SetStatus(new AuditStatus
        {
            Mask = AuditStatusMask.Enabled | AuditStatusMask.BacklogLimit,
            Enabled = _before.Enabled,
            BacklogLimit = _before.BacklogLimit,
        }));
        _listener?.Dispose();
        _auditd?.Dispose();
        _client.Dispose();
        AuditMachine.Run("rm", "-rf", Root);
    }

    private void Mark(string text) => Assert.Equal(Errno.None, _client!.SendUserMessage(Marker, Encoding.ASCII.GetBytes(text)));

    private void StartAuditd()
    {
        string directory = Directory.CreateDirectory(Path.Join(Root, "auditd")).FullName;
        File.WriteAllText(Path.Join(directory, "auditd.conf"), $"""
            write_logs = no
            log_file = {directory}/audit.log
            flush = none
            space_left = 75
            space_left_action = ignore
            admin_space_left = 50
            admin_space_left_action = ignore
            plugin_dir = {directory}/plugins.d

            """);
        Directory.CreateDirectory(Path.Join(directory, "plugins.d"));
        AuditMachine.Run("chmod", "640", Path.Join(directory, "auditd.conf"));
        _auditd = Process.Start("auditd", ["-n", "-s", "enable", "-c", directory]);
        Eventually.True(() => _client!.GetStatus(out AuditStatus status) == Errno.None && status.Pid == _auditd.Id, 10, () => "auditd does not start");
    }

    // What a rule names is there: a directory, or a small program.
    private void MakeFiles(AuditRule rule)
    {
        foreach (FieldFilter field in rule.Fields)
        {
            if (field.Field is not (RuleField.Path or RuleField.Dir or RuleField.Exe)) continue;
            string path = Root + field.Text;
            Directory.CreateDirectory(field.Field == RuleField.Dir ? path : Path.GetDirectoryName(path)!);
            if (field.Field == RuleField.Dir || File.Exists(path)) continue;
            // perl can make any call, so it stands for every program.
            File.Copy("/usr/bin/perl", path);
        }
    }

    private void Load()
    {
        List<string> refused = [];
        Thread node = new(() =>
        {
            if (unshare(0x200) != 0 || chroot(Root) != 0) refused.Add("no root of its own");
            foreach (RuleDirective directive in Rules)
            {
                Errno error = _client!.AddRule(new KernelRule(directive.Rule.ToWire()));
                if (error != Errno.None) refused.Add($"{directive.Location}: {error}");
            }
        });
        node.Start();
        node.Join();
        Assert.Empty(refused);
    }

    [DllImport("libc")]
    private static extern int unshare(int flags);

    [DllImport("libc")]
    private static extern int chroot([MarshalAs(UnmanagedType.LPUTF8Str)] string path);
}
