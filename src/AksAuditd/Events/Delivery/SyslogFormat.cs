using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace AksAuditd.Events.Delivery;

/// <summary>Lines as syslog messages.</summary>
internal sealed class SyslogFormat : LineFormat
{
    private const int MostLengthDigits = 8;
    private readonly SyslogOptions _options;
    private readonly byte[] _beforeTime, _afterTime;
    private readonly byte[] _time = new byte[32];
    private readonly int _timeLength;
    private long _second = long.MinValue;

    public SyslogFormat(SyslogOptions options)
    {
        _options = options;
        int priority = (options.Facility * 8) + options.Severity;
        string host = Printable(options.Host, 255), application = Printable(options.Application, 48);
        _beforeTime = Encoding.ASCII.GetBytes(options.Header == SyslogHeader.Rfc5424 ? $"<{priority}>1 " : $"<{priority}>");
        _afterTime = Encoding.ASCII.GetBytes(options.Header switch
        {
            SyslogHeader.Rfc5424 => $" {host} {application} {Environment.ProcessId} event - ",
            SyslogHeader.Rfc3164 => $" {host} {application}[{Environment.ProcessId}]: ",
            _ => $" {application}[{Environment.ProcessId}]: ",
        });
        _timeLength = options.Header == SyslogHeader.Rfc5424 ? "2026-11-22T03:04:05.123456Z".Length : "Nov 22 03:04:05".Length;
        HeaderSize = _beforeTime.Length + _timeLength + _afterTime.Length;
        Overhead = HeaderSize + (options.Framing switch { SyslogFraming.Octets => MostLengthDigits, SyslogFraming.Newline => 1, _ => 0 });
    }

    /// <summary>Bytes of a message that are not the line's, its framing aside.</summary>
    public int HeaderSize { get; }

    public override int Overhead { get; }

    public override int Write(Span<byte> to, ReadOnlySpan<byte> line, long time)
    {
        int at = 0;
        if (_options.Framing == SyslogFraming.Octets)
        {
            Utf8Formatter.TryFormat(HeaderSize + line.Length, to, out at);
            to[at++] = (byte)' ';
        }

        _beforeTime.CopyTo(to[at..]);
        at += _beforeTime.Length;
        WriteTime(to[at..], time);
        at += _timeLength;
        _afterTime.CopyTo(to[at..]);
        at += _afterTime.Length;
        line.CopyTo(to[at..]);
        at += line.Length;
        if (_options.Framing == SyslogFraming.Newline) to[at++] = (byte)'\n';
        return at;
    }

    private void WriteTime(Span<byte> to, long time)
    {
        // A date is made once a second: the rest is its microseconds.
        long second = Math.DivRem(time, 1_000_000, out long micros);
        if (micros < 0) (second, micros) = (second - 1, micros + 1_000_000);
        if (second != _second)
        {
            WriteSecond(second);
            _second = second;
        }

        _time.AsSpan(0, _timeLength).CopyTo(to);
        if (_options.Header != SyslogHeader.Rfc5424) return;
        for (int i = 25; i >= 20; i--)
        {
            to[i] = (byte)('0' + (micros % 10));
            micros /= 10;
        }
    }

    private void WriteSecond(long second)
    {
        const long First = -62135596800, Last = 253402300799;
        DateTimeOffset date = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(second, First, Last));
        if (_options.Header == SyslogHeader.Rfc5424)
        {
            Utf8.TryWrite(_time, $"{date:yyyy-MM-ddTHH:mm:ss}.000000Z", out _);
            return;
        }

        "JanFebMarAprMayJunJulAugSepOctNovDec"u8.Slice((date.Month - 1) * 3, 3).CopyTo(_time);
        Utf8.TryWrite(_time.AsSpan(3), $" {date.Day,2} {date:HH:mm:ss}", out _);
    }

    private static string Printable(string text, int most)
    {
        StringBuilder clean = new();
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, most))) clean.Append(c is > ' ' and < (char)127 ? c : '_');
        return clean.Length == 0 ? "-" : clean.ToString();
    }
}
