using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AksAuditd.Tests.Support;
using EndToEnd.Tests.Support;
using NoEventLost;

namespace EndToEnd.Tests.Events.Plugin;

/// <summary>
/// The real auditd with our plugin, both with files of their own: /etc/audit is not used. Rules match only what <see cref="Run"/> starts, so that nothing else on
/// the machine is in the counts. Afterwards auditd and the plugin are ended and the kernel's rules are gone.
/// </summary>
internal sealed class PluginNode : IDisposable
{
    /// <summary>The login user of what is audited.</summary>
    public const int Login = 4711;

    /// <summary>The report of the plugin, with its accounts.</summary>
    private const string ReportFile = "/run/aks-auditd/events.json";

    private readonly TempDirectory _directory = new();
    private readonly List<string> _log = [];
    private readonly bool _hasDisk;
    private Process? _auditd;

    /// <param name="settings">The plugin's events.yaml; FILE in it becomes <see cref="Output"/>, DISK the directory <c>disk</c> of <see cref="Files"/>.</param>
    /// <param name="format">What the plugin gets: binary or string.</param>
    /// <param name="logFormat">RAW or ENRICHED.</param>
    /// <param name="disk">The size of a file system on DISK; null: none.</param>
    public PluginNode(string settings = "to: file:FILE", string format = "string", string logFormat = "ENRICHED", string? disk = null)
    {
        Directory.CreateDirectory(_directory["disk"]);
        if (disk is not null) AuditMachine.Run("mount", "-t", "tmpfs", "-o", $"size={disk}", "tmpfs", _directory["disk"]);
        _hasDisk = disk is not null;
        Directory.CreateDirectory(_directory["plugins.d"]);
        ChangeSettings(settings);
        WritePlugin(_directory["plugins.d/aks-auditd.conf"], format);
        _directory.Write("auditd.conf", $"""
            log_file = {AuditLog}
            log_group = root
            log_format = {logFormat}
            flush = INCREMENTAL_ASYNC
            freq = 50
            max_log_file = 1000
            max_log_file_action = IGNORE
            space_left = 2
            space_left_action = IGNORE
            admin_space_left = 1
            admin_space_left_action = IGNORE
            disk_full_action = IGNORE
            disk_error_action = IGNORE
            q_depth = 2000
            plugin_dir = {_directory["plugins.d"]}

            """);
        AuditMachine.Run("chmod", "0640", _directory["auditd.conf"], _directory["plugins.d/aks-auditd.conf"]);
        AuditMachine.ClearRules();
        try
        {
            Start();
        }
        catch
        {
            // Nobody else disposes what was never made, and an auditd left behind spoils every test that follows.
            Dispose();
            throw;
        }

        AuditMachine.Run("auditctl", "-b", "8192");
        AuditMachine.Run("auditctl", "--reset-lost");
        AuditMachine.TryRun("auditctl", ["--reset_backlog_wait_time_actual"]);
        AuditMachine.Run("auditctl", "-a", "always,exit", "-F", "arch=b64", "-S", "execve", "-F", $"auid={Login}", "-k", "plugin-test");
    }

    /// <summary>Files of the test.</summary>
    public TempDirectory Files => _directory;

    /// <summary>Where the plugin's lines go when its sink is <c>file:FILE</c>.</summary>
    public string Output => _directory["events.log"];

    /// <summary>auditd's own log.</summary>
    public string AuditLog => _directory["audit.log"];

    /// <summary>auditd's process.</summary>
    public int AuditdPid => _auditd!.Id;

    /// <summary>The plugin's process; null when auditd has no child.</summary>
    public int? PluginPid =>
        AuditMachine.TryRun("pgrep", ["-P", $"{AuditdPid}", "-x", "aks-auditd"]).Output.Trim() is { Length: > 0 } pid ? int.Parse(pid, CultureInfo.InvariantCulture) : null;

    /// <summary>Every whole line that the plugin wrote into the file, as JSON. A line that is not valid fails the test.</summary>
    public IReadOnlyList<JsonNode> Lines => Parse(Output);

    /// <summary>The plugin's last report.</summary>
    public static JsonNode Report => JsonNode.Parse(File.ReadAllText(ReportFile))!;

    /// <summary>Writes the plugin's settings; <see cref="Reload"/> makes it take them.</summary>
    public void ChangeSettings(string settings)
    {
        string text = settings.Replace("FILE", Output, StringComparison.Ordinal).Replace("DISK", _directory["disk"], StringComparison.Ordinal);
        _directory.Write("events.yaml", settings.Contains("spool:", StringComparison.Ordinal) ? text : $"{text}\nspool: {{ directory: {_directory["spool"]} }}\n");
    }

    /// <summary>SIGHUP to auditd, which passes it on.</summary>
    public void Reload() => AuditMachine.Run("kill", "-HUP", $"{AuditdPid}");

    /// <summary>Runs a program as the login user that is audited, to its end.</summary>
    public static void Run(string program, params string[] arguments) =>
        AuditMachine.TryRun("/bin/sh", ["-c", $"echo {Login} >/proc/self/loginuid && exec \"$@\"", "sh", program, .. arguments]);

    /// <summary>Runs so many programs a second, each with <paramref name="tag"/> and a number as its argument, while something else is done.</summary>
    /// <returns>How many.</returns>
    public int Load(string tag, int rate, Action meanwhile)
    {
        if (!File.Exists(_directory["load"])) ExecLoad.Compile(_directory.Path);
        // The load inherits the login user of the shell that becomes it.
        string command = $"echo {Login} >/proc/self/loginuid && exec {_directory["load"]} {_directory["nothing"]} {rate} {tag}";
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true })!;
        meanwhile();
        AuditMachine.Run("kill", $"{process.Id}");
        string[] result = process.StandardOutput.ReadToEnd().Split(' ');
        process.WaitForExit();
        return int.Parse(result[0], CultureInfo.InvariantCulture);
    }

    /// <summary>The numbers of a load in the order in which they stand in the lines.</summary>
    public static IReadOnlyList<int> Numbers(IEnumerable<JsonNode> lines, string tag)
    {
        List<int> numbers = [];
        foreach (JsonNode line in lines)
            if (Arguments(line) is [_, { } argument] && argument.StartsWith(tag, StringComparison.Ordinal)) numbers.Add(int.Parse(argument[tag.Length..], CultureInfo.InvariantCulture));
        return numbers;
    }

    /// <summary>Both sides of a report's accounts are equal.</summary>
    public static void AssertBalanced(JsonNode report)
    {
        JsonNode a = report["accounts"]!;
        Assert.InRange((long)a["received"]!, 1, long.MaxValue);
        Assert.Equal((long)a["received"]! + (long)a["recovered"]! + (long)a["notices"]!,
            (long)a["suppressed"]! + (long)a["held"]! + (long)a["delivered"]! + (long)a["lost"]! + (long)a["queued"]! + (long)a["spooled"]!);
    }

    /// <summary>Starts auditd and waits until it has the audit socket and the plugin runs.</summary>
    public void Start()
    {
        if (File.Exists(ReportFile)) File.Delete(ReportFile);
        ProcessStartInfo start = new("/sbin/auditd", ["-n", "-c", _directory.Path]) { RedirectStandardError = true, RedirectStandardOutput = true };
        _auditd = Process.Start(start)!;
        // What the plugin logs, so that a full pipe never stops it.
        _auditd.ErrorDataReceived += (_, e) => Keep(e.Data);
        _auditd.OutputDataReceived += (_, e) => Keep(e.Data);
        _auditd.BeginErrorReadLine();
        _auditd.BeginOutputReadLine();
        Eventually.True(() => AuditMachine.Status()["pid"] == $"{AuditdPid}" && File.Exists(ReportFile), otherwise: () => $"auditd or the plugin did not start:\n{Log}");
    }

    /// <summary>What auditd and the plugin logged.</summary>
    public string Log
    {
        get
        {
            lock (_log) return string.Join('\n', _log);
        }
    }

    /// <summary>Stops auditd and waits until it and the plugin have ended.</summary>
    public void Stop()
    {
        if (_auditd is null) return;
        int? plugin = PluginPid;
        // Again and again: an auditd that has just started ignores signals for a moment.
        Eventually.True(() =>
        {
            if (!_auditd.HasExited) AuditMachine.TryRun("kill", [$"{AuditdPid}"]);
            return _auditd.WaitForExit(500);
        });
        _auditd.Dispose();
        _auditd = null;
        Eventually.True(() => plugin is null || !Directory.Exists($"/proc/{plugin}"), otherwise: () => "the plugin did not end");
    }

    /// <summary>Waits until the plugin wrote a line that is as wanted.</summary>
    public JsonNode WaitFor(Func<JsonNode, bool> wanted)
    {
        JsonNode? found = null;
        Eventually.True(() => (found = Lines.FirstOrDefault(wanted)) is not null, otherwise: () => $"{Lines.Count} lines:\n{string.Join('\n', Lines.TakeLast(20))}\n{Log}");
        return found!;
    }

    /// <summary>Waits for the event of a program that was run with an argument.</summary>
    public JsonNode WaitForArgument(string argument) => WaitFor(line => Arguments(line).Contains(argument));

    /// <summary>The arguments of an exec; empty for another event.</summary>
    public static IReadOnlyList<string?> Arguments(JsonNode line) => line["process"]?["args"] is JsonArray args ? [.. args.Select(a => (string?)a)] : [];

    /// <summary>Whole lines of a file as JSON.</summary>
    public static IReadOnlyList<JsonNode> Parse(string file)
    {
        string text = File.Exists(file) ? File.ReadAllText(file) : "";
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
    }

    public void Dispose()
    {
        try
        {
            Stop();
        }
        finally
        {
            AuditMachine.ClearRules();
            AuditMachine.Run("auditctl", "-b", "64");
            if (_hasDisk) AuditMachine.Run("umount", _directory["disk"]);
            _directory.Dispose();
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_log) _log.Add(line);
    }

    private void WritePlugin(string path, string format) => File.WriteAllText(path, $"""
        active = yes
        direction = out
        path = {AgentProcess.Binary}
        type = always
        args = plugin --config={_directory["events.yaml"]}
        format = {format}

        """);
}
