using System.Globalization;
using System.Text.RegularExpressions;

namespace AksAuditd.Node.Syslog;

/// <summary>A place to which rsyslog forwards messages.</summary>
/// <param name="Host">As it is written: an address or a name.</param>
/// <param name="Port">1 to 65535; 514 where none is written.</param>
internal sealed record ForwardRule(string Host, int Port);

/// <summary>
/// rsyslog's configuration, as far as it decides whether audit events leave the node and how often: what it reads and where it forwards to. Both of its
/// syntaxes are read (rsyslog.conf(5)): <c>action(type="omfwd" …)</c> and <c>*.* @@HOST:PORT</c>; included files too. Conditions and facilities are not.
/// </summary>
internal sealed partial class RsyslogConfig
{
    /// <summary>Where distributions have it.</summary>
    public const string DefaultFile = "/etc/rsyslog.conf";

    private const int DefaultPort = 514;
    private const int MaxFiles = 256;

    private RsyslogConfig(string text)
    {
        ReadsJournal = Loads(text, "imjournal") is not null;
        ReadsSocket = Loads(text, "imuxsock") is { } parameters && !SocketOff().IsMatch(parameters) && !OmitLocal().IsMatch(text);
        Forwards = [.. Actions().Matches(text).Select(OfAction).OfType<ForwardRule>(), .. Selectors().Matches(text).Select(OfSelector)];
    }

    /// <summary>Whether it reads the journal (module imjournal).</summary>
    public bool ReadsJournal { get; }

    /// <summary>Whether it reads the system's log socket (module imuxsock).</summary>
    public bool ReadsSocket { get; }

    /// <summary>Everything that it forwards to.</summary>
    public IReadOnlyList<ForwardRule> Forwards { get; }

    /// <summary>Reads the node's; null when there is none.</summary>
    /// <exception cref="NodeException">It cannot be read.</exception>
    public static RsyslogConfig? Read(string file = DefaultFile)
    {
        if (!NodePath.IsFile(file)) return null;
        System.Text.StringBuilder text = new();
        Queue<string> files = new([file]);
        HashSet<string> seen = [];
        while (files.TryDequeue(out string? next) && seen.Count < MaxFiles)
        {
            if (!seen.Add(next)) continue;
            string content = WithoutComments(ConfigFiles.Read(next));
            text.Append(content).Append('\n');
            foreach (string pattern in Includes().Matches(content).Select(m => m.Groups["new"].Success ? m.Groups["new"].Value : m.Groups["old"].Value))
                foreach (string included in ConfigFiles.Matching(pattern)) files.Enqueue(included);
        }

        return new(text.ToString());
    }

    /// <summary>Reads the text of a configuration without included files.</summary>
    public static RsyslogConfig Parse(string text) => new(WithoutComments(text));

    // The parameters of a module that is loaded, empty in the old syntax; null when it is not.
    private static string? Loads(string text, string module)
    {
        foreach (Match match in Modules().Matches(text))
        {
            if (match.Groups["new"].Value == module) return match.Value;
            if (match.Groups["old"].Value == module || match.Groups["old"].Value == $"{module}.so") return "";
        }

        return null;
    }

    private static ForwardRule? OfAction(Match action)
    {
        if (!string.Equals(Parameter(action.Value, "type"), "omfwd", StringComparison.OrdinalIgnoreCase) || Parameter(action.Value, "target") is not { } host) return null;
        return new(host, int.TryParse(Parameter(action.Value, "port"), NumberStyles.None, CultureInfo.InvariantCulture, out int port) ? port : DefaultPort);
    }

    private static ForwardRule OfSelector(Match selector) =>
        new(selector.Groups["host"].Value, selector.Groups["port"].Success ? int.Parse(selector.Groups["port"].Value, CultureInfo.InvariantCulture) : DefaultPort);

    private static string? Parameter(string action, string name)
    {
        foreach (Match match in Parameters().Matches(action))
            if (string.Equals(match.Groups["name"].Value, name, StringComparison.OrdinalIgnoreCase)) return match.Groups["value"].Value;
        return null;
    }

    private static string WithoutComments(string text) => Comments().Replace(text, "");

    // A comment begins with # at the start of a line or after a blank, outside of quotes: a template may have one.
    [GeneratedRegex("""(?<=^|[\t ])#(?=[^"\n]*(?:"[^"\n]*"[^"\n]*)*$).*$""", RegexOptions.Multiline)]
    private static partial Regex Comments();

    [GeneratedRegex("""include\s*\(\s*file\s*=\s*"(?<new>[^"]+)"|^\s*\$IncludeConfig\s+(?<old>\S+)""", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Includes();

    [GeneratedRegex("""module\s*\([^)]*load\s*=\s*"(?<new>\w+)"[^)]*\)|^\s*\$ModLoad\s+(?<old>\S+)""", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Modules();

    [GeneratedRegex("""SysSock\.Use\s*=\s*"off""", RegexOptions.IgnoreCase)]
    private static partial Regex SocketOff();

    [GeneratedRegex("""^\s*\$OmitLocalLogging\s+on""", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex OmitLocal();

    [GeneratedRegex("""action\s*\([^)]*\)""", RegexOptions.IgnoreCase)]
    private static partial Regex Actions();

    [GeneratedRegex("(?<name>[\\w.]+)\\s*=\\s*\"(?<value>[^\"]*)\"")]
    private static partial Regex Parameters();

    // "*.*  @@(o)127.0.0.1:28330;TEMPLATE"
    [GeneratedRegex("""^[^\n"@]*[\s)]@@?(?:\([^)]*\))?(?:\[(?<host>[^\]]+)\]|(?<host>[\w.-]+))(?::(?<port>\d{1,5}))?""", RegexOptions.Multiline)]
    private static partial Regex Selectors();
}
