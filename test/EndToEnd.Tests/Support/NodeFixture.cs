using AksAuditd.Tests.Support;

namespace EndToEnd.Tests.Support;

/// <summary>
/// This machine as a node for one test: two ConfigMap volumes, a state directory, the agent on the real /etc/audit. Afterwards the agent and
/// auditd are ended, the kernel's rules are gone, and /etc/audit is as it was before the test.
/// </summary>
internal sealed class NodeFixture : IDisposable
{
    public const string Syslog = "active = yes\ndirection = out\npath = /sbin/audisp-syslog\ntype = always\nargs = LOG_INFO LOG_LOCAL6\nformat = string\n";
    public const string Exec = "-D\n-b 8192\n-a always,exit -F arch=b64 -S execve -k exec\n";

    private static int _port = 19900;
    private readonly TempDirectory _directory = new();
    private readonly List<AgentProcess> _agents = [];

    public NodeFixture()
    {
        AuditMachine.Run("cp", "-a", "/etc/audit", _directory["audit"]);
        Rules = new(_directory["auditd-rules"]);
        Plugins = new(_directory["audisp-plugins"]);
        Plugins.Swap(("syslog.conf", Syslog));
        Environment = new()
        {
            ["AA_CONFIG"] = _directory.Write("config.yaml", ""),
            ["AA_HOST_ROOT"] = "/",
            ["AA_RULES_SOURCE"] = Rules.Path,
            ["AA_PLUGINS_SOURCE"] = Plugins.Path,
            ["AA_STATE_DIR"] = _directory["state"],
            ["AA_LISTEN"] = $"127.0.0.1:{++_port}",
            ["AA_LOG_LEVEL"] = "debug",
        };
    }

    public TempDirectory Files => _directory;

    public VolumeWriter Rules { get; }

    public VolumeWriter Plugins { get; }

    /// <summary>What the next agent is started with.</summary>
    public Dictionary<string, string> Environment { get; }

    /// <summary>auditd's process id; null when it does not run.</summary>
    public static int? AuditdPid
    {
        get
        {
            try
            {
                int pid = int.Parse(File.ReadAllText("/run/auditd.pid").Trim(), System.Globalization.CultureInfo.InvariantCulture);
                return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal) && File.ReadAllText($"/proc/{pid}/comm").Trim() == "auditd" ? pid : null;
            }
            catch (Exception e) when (e is IOException or FormatException)
            {
                // It, or its file, went while we looked.
                return null;
            }
        }
    }

    public AgentProcess Start(string command = "run")
    {
        AgentProcess agent = AgentProcess.Start([command], Environment);
        _agents.Add(agent);
        return agent;
    }

    /// <summary>Every agent that was started.</summary>
    public IReadOnlyList<AgentProcess> Agents => _agents;

    /// <summary>Starts the agent by another program, which must become it: <c>setpriv …</c>, <c>strace …</c>.</summary>
    public AgentProcess StartUnder(string program, params string[] arguments)
    {
        AgentProcess agent = AgentProcess.Start(program, [.. arguments, AgentProcess.Binary, "run"], Environment);
        _agents.Add(agent);
        return agent;
    }

    /// <summary>Starts the agent and waits until it is in sync.</summary>
    public AgentProcess StartInSync()
    {
        AgentProcess agent = Start();
        agent.WaitForSync();
        return agent;
    }

    /// <summary>Waits until the kernel has exactly these rules.</summary>
    public void WaitForRules(params string[] expected) => Eventually.True(() => AuditMachine.Rules().SequenceEqual(expected), 20, () =>
        $"the kernel has:\n{string.Join('\n', AuditMachine.Rules())}\nthe log:\n{string.Join('\n', _agents.SelectMany(a => a.Lines))}");

    /// <summary>A probe's status code and body.</summary>
    public (int Status, string Body) Get(string path)
    {
        using HttpClient client = new();
        using HttpResponseMessage response = client.GetAsync(new Uri($"http://{Environment["AA_LISTEN"]}{path}")).Result;
        return ((int)response.StatusCode, response.Content.ReadAsStringAsync().Result);
    }

    public void Dispose()
    {
        foreach (AgentProcess agent in _agents) agent.Dispose();
        try
        {
            AuditMachine.EndAuditd();
        }
        finally
        {
            AuditMachine.ClearRules();
            AuditMachine.Run("rsync", "-a", "--delete", _directory["audit"] + "/", "/etc/audit/");
            _directory.Dispose();
        }
    }
}
