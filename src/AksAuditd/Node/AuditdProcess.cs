using System.Globalization;

namespace AksAuditd.Node;

/// <summary>auditd's process, found without asking anybody: by its pid file and /proc.</summary>
internal static class AuditdProcess
{
    /// <summary>auditd's name in /proc.</summary>
    public const string Name = "auditd";

    private const string PidFile = "/run/auditd.pid";

    /// <summary>Its process id; null when it does not run. The file outlives a killed auditd, and its pid may be another process's by then.</summary>
    /// <exception cref="NodeException">The file or the process may not be looked at.</exception>
    public static int? Find()
    {
        try
        {
            return NodePath.IsFile(PidFile)
                && int.TryParse(File.ReadAllText(PidFile).AsSpan().Trim(), CultureInfo.InvariantCulture, out int pid)
                && ProcessInfo.Name(pid) == Name
                    ? pid
                    : null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw NodeException.From(e, PidFile, "read");
        }
        catch (IOException e) when (e is not NodeException)
        {
            // auditd removed it as it ended, between the two calls.
            return null;
        }
    }
}
