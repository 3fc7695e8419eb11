namespace AksAuditd.Events.Json;

internal sealed partial class EventEncoder
{
    /// <summary>An event of our own as one line of JSON, without a newline at its end. Valid until the next call.</summary>
    public ReadOnlySpan<byte> EncodeNotice(in Notice notice)
    {
        int line = _options.MaxBytes;
        _json.Clear();
        _json.StringLimit = line / 8;
        _json.Write("{\"@timestamp\":"u8);
        _json.Time(notice.Time);
        _json.Write(_host);
        _json.Write(",\"event\":{\"kind\":"u8);
        WriteWord(notice.Kind is NoticeKind.Lost or NoticeKind.Unreadable ? "pipeline_error"u8 : "state"u8);
        _json.Write(",\"provider\":\"aks-auditd\",\"action\":"u8);
        WriteWord(notice.Action);
        _json.Write((byte)'}');
        if (!notice.Message.IsEmpty) WriteString("\"message\":"u8, notice.Message);
        if (!notice.Key.IsEmpty)
        {
            _json.Write(",\"tags\":["u8);
            _json.String(notice.Key);
            _json.Write((byte)']');
        }
        if (notice.Container is not null && _json.Length + _containers.Of(notice.Container).Length < line / 2 + line / 4) _json.Write(_containers.Of(notice.Container));
        WriteNoticeFacts(notice, line);
        _json.Write((byte)'}');
        return _json.Written;
    }

    private void WriteNoticeFacts(in Notice notice, int line)
    {
        int before = _json.Open("\"notice\":{"u8);
        if (notice.Count != 0)
        {
            _json.Name("\"count\":"u8);
            _json.Number(notice.Count);
        }
        if (notice.Since != default)
        {
            _json.Name("\"since\":"u8);
            _json.Time(notice.Since);
        }
        if (!notice.Raw.IsEmpty)
        {
            _json.Name("\"record\":"u8);
            _json.String(notice.Raw, Math.Max(ShortestText, line - _json.Length - RoomForMarks));
        }
        if (_json.LeftOut > 0)
        {
            _json.Name("\"shortened\":"u8);
            _json.Number(_json.LeftOut);
        }
        _json.Close(before, (byte)'}');
    }
}
