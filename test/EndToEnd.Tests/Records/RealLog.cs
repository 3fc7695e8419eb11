using System.Globalization;
using EndToEnd.Tests.Support;
using LinuxAudit.Records;

namespace EndToEnd.Tests.Records;

/// <summary>A log of the real auditd, made once by test/corpus/records/make-log.sh for all tests that want it.</summary>
public sealed class RealLog : IDisposable
{
    /// <summary>Enough for 50,000 events; each round makes about 850.</summary>
    private const int Rounds = 70;

    private readonly string _directory = Directory.CreateTempSubdirectory("aks-auditd-log-").FullName;

    public RealLog()
    {
        if (!AuditMachine.IsUsable) return;
        string script = TestSupport.Repository.File("test", "corpus", "records", "make-log.sh");
        AuditMachine.Run(script, _directory, Rounds.ToString(CultureInfo.InvariantCulture), "ENRICHED");
        LogPath = Path.Combine(_directory, "audit.log");
    }

    /// <summary>The log's path.</summary>
    public string LogPath { get; } = "";

    /// <summary>Names of this machine, which are the log's.</summary>
    internal static IdentityTable Identities { get; } = IdentityTable.Parse(File.ReadAllBytes("/etc/passwd"), File.ReadAllBytes("/etc/group"));

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
