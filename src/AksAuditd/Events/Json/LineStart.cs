using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

/// <summary>
/// Writes how every line begins, up to the serial number: <c>{"@timestamp":"2026-11-22T03:52:15.123Z","host":{…},"event":{"sequence":</c>. Most have the second
/// of the one before.
/// </summary>
/// <param name="host">The member of the node, a comma before it; may be empty.</param>
internal sealed class LineStart(ReadOnlySpan<byte> host)
{
    private const int TimeLength = 26, Time = 14, Milliseconds = Time + 21;

    private readonly byte[] _text = [.. "{\"@timestamp\":"u8, .. new byte[TimeLength], .. host, .. ",\"event\":{\"sequence\":"u8];
    private long _seconds = -1;
    private int _milliseconds = -1;

    public void Write(in EventId id, JsonBuffer json)
    {
        if (id.Seconds != _seconds)
        {
            int before = json.Length;
            json.Time(id.Time);
            json.Written[before..].CopyTo(_text.AsSpan(Time));
            json.Cut(before);
            (_seconds, _milliseconds) = (id.Seconds, id.Milliseconds);
        }
        else if (id.Milliseconds != _milliseconds)
        {
            _milliseconds = id.Milliseconds;
            _text[Milliseconds] = (byte)('0' + id.Milliseconds / 100);
            _text[Milliseconds + 1] = (byte)('0' + id.Milliseconds / 10 % 10);
            _text[Milliseconds + 2] = (byte)('0' + id.Milliseconds % 10);
        }

        json.Write(_text);
    }
}
