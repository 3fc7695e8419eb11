using System.Buffers.Text;
using System.Text;
using AksAuditd.Events.Json;
using LinuxAudit.Records;

namespace AksAuditd.Events.Records;

/// <content>
/// Events of our own, in the form of a record: <c>type=AKS_AUDITD msg=audit(1700000000.123:0): op=lost-events count=5 since=1700000000.100 reason='…'</c>. The serial number
/// 0 is none of the kernel's, and the type is none of audit's: no tool takes it for something that the kernel vouches for.
/// </content>
internal sealed partial class RecordsEncoder
{
    public ReadOnlySpan<byte> EncodeNotice(in Notice notice)
    {
        _length = 0;
        WriteHead(IdOf(notice.Time));
        Write(notice.Action);
        if (notice.Count != 0)
        {
            Write(" count="u8);
            WriteNumber(notice.Count);
        }

        if (notice.Since != default)
        {
            Write(" since="u8);
            EventId since = IdOf(notice.Since);
            WriteNumber(since.Seconds);
            Write("."u8);
            Utf8Formatter.TryFormat(since.Milliseconds, RoomFor(3), out int written, new('D', 3));
            _length += written;
        }

        if (!notice.Key.IsEmpty) WriteString(" key="u8, notice.Key);
        if (notice.Container is { } container)
        {
            WriteText(" namespace="u8, container.Namespace);
            WriteText(" pod="u8, container.Pod);
            WriteText(" container="u8, container.Name);
        }

        if (!notice.Raw.IsEmpty) WriteString(" record="u8, notice.Raw);
        if (!notice.Message.IsEmpty)
        {
            Write(" reason='"u8);
            WriteEscaped(notice.Message);
            Write("'"u8);
        }

        EndLine(0);
        return _bytes.AsSpan(0, _length);
    }

    private static EventId IdOf(DateTimeOffset time)
    {
        long milliseconds = Math.Max(0, time.ToUnixTimeMilliseconds());
        return new(milliseconds / 1000, (int)(milliseconds % 1000), 0);
    }

    private void WriteText(ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null) WriteString(name, Encoding.UTF8.GetBytes(text));
    }

    // As the kernel writes what it does not vouch for (audit_log_untrustedstring): in quotes, or in hexadecimal when a reader could take something in it for an end.
    private void WriteString(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        Write(name);
        if (text.Contains((byte)'"') || text.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e))
        {
            foreach (byte b in text) Write([Digit(b >> 4), Digit(b & 15)]);
            return;
        }

        Write("\""u8);
        Write(text);
        Write("\""u8);
    }

    private static byte Digit(int value) => "0123456789ABCDEF"u8[value];
}
