using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

/// <summary>Writes times of events, <c>"2026-11-22T03:52:15.123Z"</c>. Most have the second of the one before.</summary>
internal sealed class TimeText
{
    private const int UpToSeconds = 20;
    private readonly byte[] _text = new byte[26];
    private long _seconds = -1;

    public void Write(in EventId id, JsonBuffer json)
    {
        if (id.Seconds != _seconds)
        {
            int before = json.Length;
            json.Time(id.Time);
            json.Written[before..].CopyTo(_text);
            json.Cut(before);
            _seconds = id.Seconds;
        }
        _text[UpToSeconds + 1] = (byte)('0' + id.Milliseconds / 100);
        _text[UpToSeconds + 2] = (byte)('0' + id.Milliseconds / 10 % 10);
        _text[UpToSeconds + 3] = (byte)('0' + id.Milliseconds % 10);
        json.Write(_text);
    }
}
