using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AksAuditd.Configuration;

namespace AksAuditd.Events.Delivery;

/// <summary>
/// Where lines go, as text: <c>stdout</c>, <c>file:/PATH?size=64MiB&amp;count=5</c>, <c>syslog:/dev/log</c>, <c>syslog:unix:///PATH</c>,
/// <c>syslog:tcp://127.0.0.1:28330?format=rfc3164&amp;framing=octets&amp;facility=local6&amp;severity=info&amp;app=aks-auditd&amp;max=8000</c>,
/// and <c>container-insights</c>, which is short for <c>syslog:tcp://127.0.0.1:28330?format=rfc3164</c>.
/// </summary>
internal sealed record SinkAddress
{
    private enum Target { Stdout, File, Datagram, Stream, Tcp }

    private static readonly string[] Facilities =
    [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock",
        "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];

    private static readonly string[] Severities = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

    // Where Container Insights listens on each node; its rsyslog file forwards there.
    private const string ContainerInsights = "container-insights";
    private const int ContainerInsightsPort = 28330;

    private readonly Target _target;
    private readonly string _path = "";
    private readonly IPEndPoint? _endPoint;
    private int? _maximum;
    private FileRotation _rotation = FileRotation.Default;
    private SyslogOptions _syslog = new();

    private SinkAddress(Target target, string path, IPEndPoint? endPoint)
    {
        _target = target;
        _path = path;
        _endPoint = endPoint;
        if (target == Target.Datagram) _syslog = _syslog with { Header = SyslogHeader.Local, Framing = SyslogFraming.None };
    }

    /// <summary>Reads an address.</summary>
    /// <param name="text">See above. A path is absolute; a host is an IP address (IPv6 in brackets) or <c>localhost</c>: no name is looked up.</param>
    /// <param name="address">The address, or null.</param>
    /// <param name="error">What is wrong and what would be right, or null.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SinkAddress? address, [NotNullWhen(false)] out string? error)
    {
        int question = text.IndexOf('?');
        string place = question < 0 ? text : text[..question];
        (address, error) = Place(place);
        if (address is null)
        {
            error ??= "";
            return false;
        }

        if (question < 0) return true;
        foreach (string pair in text[(question + 1)..].Split('&'))
        {
            int equals = pair.IndexOf('=');
            string name = equals < 0 ? pair : pair[..equals], value = equals < 0 ? "" : pair[(equals + 1)..];
            error = address.Set(name, value);
            if (error is null) continue;
            address = null;
            return false;
        }

        return true;
    }

    /// <summary>Whether an address is one of syslog, whose messages say the node.</summary>
    public static bool IsSyslog(string text) =>
        text.StartsWith("syslog:", StringComparison.Ordinal) || text == ContainerInsights || text.StartsWith(ContainerInsights + '?', StringComparison.Ordinal);

    /// <summary>Makes the sink; it is opened when the first line comes.</summary>
    /// <param name="clock">For retries.</param>
    /// <param name="host">What messages of syslog call the node; null: this machine's name.</param>
    public ISink Open(TimeProvider clock, string? host = null) => Open(clock, SyslogOf(host));

    private ISink Open(TimeProvider clock, SyslogOptions syslog) => _target switch
    {
        Target.Stdout => new StdoutSink(maximumLine: _maximum ?? StdoutSink.DefaultMaximumLine),
        Target.File => new FileSink(_path, _rotation, clock, _maximum ?? FileSink.DefaultMaximumLine),
        Target.Datagram => new DatagramSink($"syslog {_path}", new UnixDomainSocketEndPoint(_path), syslog, clock),
        Target.Stream => new StreamSink($"syslog unix {_path}", new UnixDomainSocketEndPoint(_path), syslog, clock),
        _ => new StreamSink($"syslog tcp {_endPoint}", _endPoint!, syslog, clock),
    };

    private SyslogOptions SyslogOf(string? host)
    {
        SyslogOptions options = host is null ? _syslog : _syslog with { Host = host };
        return _maximum is { } maximum ? options with { MaximumMessage = maximum } : options;
    }

    private static (SinkAddress? Address, string? Error) Place(string place)
    {
        const string Known = "known: container-insights, stdout, file:/PATH, syslog:/dev/log, syslog:unix:///PATH, syslog:tcp://ADDRESS:PORT";
        if (place == ContainerInsights)
            return (new(Target.Tcp, "", new(IPAddress.Loopback, ContainerInsightsPort)) { _syslog = new() { Header = SyslogHeader.Rfc3164 } }, null);
        if (place == "stdout") return (new(Target.Stdout, "", null), null);
        if (After(place, "file:") is { } file) return OfPath(Target.File, file, 4096);
        if (After(place, "syslog:tcp://") is { } host) return OfHost(host);
        // sun_path has 108 bytes, with a final NUL.
        if (After(place, "syslog:unix://") is { } stream) return OfPath(Target.Stream, stream, 107);
        if (After(place, "syslog:") is { } datagram && datagram.StartsWith('/')) return OfPath(Target.Datagram, datagram, 107);
        return (null, $"\"{place}\" is no sink ({Known})");
    }

    private static string? After(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : null;

    private static (SinkAddress? Address, string? Error) OfPath(Target target, string path, int most) =>
        !path.StartsWith('/') || path.EndsWith('/') || path.Contains('\0') ? (null, $"\"{path}\" is not the absolute path of a file")
        : System.Text.Encoding.UTF8.GetByteCount(path) > most ? (null, $"the path \"{path}\" is longer than {most} bytes")
        : (new(target, path, null), null);

    private static (SinkAddress? Address, string? Error) OfHost(string host)
    {
        int colon = host.LastIndexOf(':');
        string name = colon < 0 ? host : host[..colon];
        if (name == "localhost") name = "127.0.0.1";
        bool bracketed = name.StartsWith('[') && name.EndsWith(']');
        if (!IPAddress.TryParse(bracketed ? name[1..^1] : name, out IPAddress? ip) || bracketed != (ip.AddressFamily == AddressFamily.InterNetworkV6))
            return (null, $"\"{name}\" is not an IP address (IPv6 in brackets) or localhost; names are not looked up");
        return colon >= 0 && ushort.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0
            ? (new(Target.Tcp, "", new(ip, port)), null)
            : (null, $"\"{host}\" has no port, 1 to 65535");
    }

    private string? Set(string name, string value)
    {
        if (name == "max") return SetMaximum(value);
        return _target switch
        {
            Target.Stdout => $"stdout has no option \"{name}\" (known: max)",
            Target.File => SetFile(name, value),
            _ => SetSyslog(name, value),
        };
    }

    private string? SetMaximum(string value)
    {
        if (!Quantity.TryParse(value, out long maximum) || maximum is < 480 or > Spool.MaximumLine) return $"max: \"{value}\" is not 480 to 1MiB";
        _maximum = (int)maximum;
        return null;
    }

    private string? SetFile(string name, string value)
    {
        switch (name)
        {
            case "size":
                if (!Quantity.TryParse(value, out long size) || size < 64 * 1024) return $"size: \"{value}\" is not a size of 64KiB or more, as in 64MiB";
                _rotation = _rotation with { Size = size };
                return null;
            case "count":
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > 1000) return $"count: \"{value}\" is not 1 to 1000";
                _rotation = _rotation with { Count = count };
                return null;
            default:
                return $"file has no option \"{name}\" (known: size count max)";
        }
    }

    private string? SetSyslog(string name, string value)
    {
        switch (name)
        {
            case "format":
                if (value is not ("rfc5424" or "rfc3164" or "local")) return $"format: \"{value}\" is not rfc5424, rfc3164 or local";
                _syslog = _syslog with { Header = value switch { "rfc5424" => SyslogHeader.Rfc5424, "rfc3164" => SyslogHeader.Rfc3164, _ => SyslogHeader.Local } };
                return null;
            case "framing" when _target != Target.Datagram:
                if (value is not ("newline" or "octets")) return $"framing: \"{value}\" is not newline or octets";
                _syslog = _syslog with { Framing = value == "octets" ? SyslogFraming.Octets : SyslogFraming.Newline };
                return null;
            case "facility":
                int facility = Array.IndexOf(Facilities, value);
                if (facility < 0) return $"facility: \"{value}\" is not one of {string.Join(' ', Facilities)}";
                _syslog = _syslog with { Facility = facility };
                return null;
            case "severity":
                int severity = Array.IndexOf(Severities, value);
                if (severity < 0) return $"severity: \"{value}\" is not one of {string.Join(' ', Severities)}";
                _syslog = _syslog with { Severity = severity };
                return null;
            case "app":
                if (value.Length is < 1 or > 48 || value.AsSpan().ContainsAnyExceptInRange('!', '~')) return $"app: \"{value}\" is not 1 to 48 printable ASCII characters";
                _syslog = _syslog with { Application = value };
                return null;
            default:
                return $"syslog has no option \"{name}\" (known: format{(_target == Target.Datagram ? "" : " framing")} facility severity app max)";
        }
    }
}
