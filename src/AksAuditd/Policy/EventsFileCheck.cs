using System.Text;
using AksAuditd.Configuration;
using AksAuditd.Events;

namespace AksAuditd.Policy;

/// <summary>Checks events.yaml before it touches the node: a program that is given a bad one goes on with what it had, and after its next start with the defaults.</summary>
internal static class EventsFileCheck
{
    /// <summary>Checks the file of <paramref name="source"/>; a mistake refuses the policy.</summary>
    public static SourceVersion Check(SourceVersion source, AuditMode mode, List<string> problems)
    {
        foreach (PolicyFile file in source.Files)
        {
            EventsSettings settings = EventsSettingsReader.Read(file.Name, Encoding.UTF8.GetString(file.Content), new(), out IReadOnlyList<SettingsMistake> mistakes);
            problems.AddRange(mistakes.Select(m => m.ToString()));
            // auditd's own standard output: nobody reads it.
            if (settings.To == "stdout" && mode == AuditMode.Auditd) problems.Add($"{file.Name}: to: stdout is nowhere for a plugin of auditd; valid: a syslog or file address");
        }

        return source;
    }
}
