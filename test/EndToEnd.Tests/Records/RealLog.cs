using System.Globalization;
using EndToEnd.Tests.Support;
using LinuxAudit.Records;
using TestSupport;

namespace EndToEnd.Tests.Records;

/// <summary>Logs of the real auditd, made once by test/corpus/records/make-log.sh for all tests that want them.</summary>
public sealed class RealLog : IDisposable
{
    // A round makes about 910 events.
    private const int RawRounds = 8;

    private readonly string _directory = Directory.CreateTempSubdirectory("aks-auditd-log-").FullName;

    public RealLog()
    {
        if (!AuditMachine.IsUsable) return;
        Enriched = Make("enriched", EnrichedRounds, "ENRICHED");
        AusearchParity.Begin(Enriched, "-i");
        AusearchParity.Begin(Enriched, "--format", "csv");
        Raw = Make("raw", RawRounds, "RAW", "node-1");
    }

    /// <summary>The path of a log with <c>log_format = ENRICHED</c>.</summary>
    public string Enriched { get; } = "";

    /// <summary>The path of a log with <c>log_format = RAW</c> and a node's name.</summary>
    public string Raw { get; } = "";

    /// <summary>How often everything is done for it.</summary>
    public static int EnrichedRounds { get; } = LongRun.IsOn ? 58 : 20;

    /// <summary>Names of this machine, which are the logs'.</summary>
    internal static IdentityTable Identities { get; } = IdentityTable.Parse(File.ReadAllBytes("/etc/passwd"), File.ReadAllBytes("/etc/group"));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Make(string name, int rounds, params string[] arguments)
    {
        string directory = Path.Combine(_directory, name);
        AuditMachine.Run(Repository.File("test", "corpus", "records", "make-log.sh"), [directory, rounds.ToString(CultureInfo.InvariantCulture), .. arguments]);
        return Path.Combine(directory, "audit.log");
    }
}
