using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

internal sealed partial class EventEncoder
{
    // Numbers of arguments that never came, up to so many; a made-up number is not written out.
    private const int LongestGap = 16;

    private byte[] _scratch = new byte[16 * 1024];

    /// <summary>Memory for one string, until the next is asked for.</summary>
    private Span<byte> Scratch(int length)
    {
        if (_scratch.Length < length) _scratch = new byte[Math.Max(length, _scratch.Length * 2)];
        return _scratch.AsSpan(0, length);
    }

    private void WriteArguments(AuditEvent auditEvent, in Budget budget)
    {
        if (budget.IsShortened)
        {
            WriteArgumentsWithin(auditEvent, budget.Arguments);
            return;
        }
        _json.Name("\"args\":["u8);
        ArgumentReader reader = auditEvent.Arguments;
        int next = 0;
        bool more = reader.TryRead(out Argument argument);
        while (more && _json.Length <= _options.MaxBytes)
        {
            next = WriteGap(next, argument.Index);
            _json.Separate();
            if (argument.Piece < 0)
            {
                WriteDecoded(argument.Value);
                more = reader.TryRead(out argument);
            }
            else
            {
                more = Join(ref reader, ref argument, 0, out int length);
                _json.String(_scratch.AsSpan(0, length));
            }
        }
        _json.Write((byte)']');
        WriteArgumentCount(auditEvent, next);
    }

    /// <summary>An argument that came in pieces, decoded, at <paramref name="at"/> in the scratch memory. False when it was the last one.</summary>
    private bool Join(ref ArgumentReader reader, ref Argument argument, int at, out int length)
    {
        int index = argument.Index, start = at;
        bool more;
        do
        {
            int needed = at + argument.Value.Value.Length;
            if (_scratch.Length < needed) Array.Resize(ref _scratch, Math.Max(needed, _scratch.Length * 2));
            argument.Value.TryDecode(_scratch.AsSpan(at), out int written);
            at += written;
            more = reader.TryRead(out argument);
        }
        while (more && argument.Piece > 0 && argument.Index == index);
        length = at - start;
        return more;
    }

    /// <summary>Null for each argument whose record was lost. Returns the next argument's number.</summary>
    private int WriteGap(int next, int index)
    {
        for (int i = Math.Max(next, index - LongestGap); i < index; i++)
        {
            _json.Separate();
            _json.Write("null"u8);
        }
        return index + 1;
    }

    /// <summary>How many there were, when it is another number than those that are here.</summary>
    private void WriteArgumentCount(AuditEvent auditEvent, int seen)
    {
        AuditRecord first = auditEvent[_records.FirstArguments];
        if (!first.TryGetField("argc"u8, out Field field) || !field.TryGetUInt64(out ulong count) || count == (ulong)seen) return;
        _json.Name("\"args_count\":"u8);
        _json.Number(count);
    }

    /// <summary>True when the title is the beginning of the arguments with a zero byte between, which is what the kernel makes it of.</summary>
    private static bool AreArguments(AuditEvent auditEvent, ReadOnlySpan<byte> title)
    {
        ArgumentReader reader = auditEvent.Arguments;
        bool isFirst = true;
        while (!title.IsEmpty)
        {
            if (!reader.TryRead(out Argument argument)) return false;
            if (!isFirst && argument.Piece <= 0)
            {
                if (title[0] != 0) return false;
                title = title[1..];
            }
            isFirst = false;
            if (!StartsWith(ref title, argument.Value)) return false;
        }
        return true;
    }

    /// <summary>Takes the value from the title's beginning; a title that ends within it is a beginning too.</summary>
    private static bool StartsWith(ref ReadOnlySpan<byte> title, in Field field)
    {
        ReadOnlySpan<byte> value = field.Value;
        if (!field.IsCoded)
        {
            int length = Math.Min(value.Length, title.Length);
            if (!title[..length].SequenceEqual(value[..length])) return false;
            title = title[length..];
            return true;
        }
        Span<byte> decoded = stackalloc byte[256];
        // A title has at most 128 bytes.
        int digits = Math.Min(value.Length, Math.Min(2 * title.Length, 2 * decoded.Length));
        for (int i = 0; i < digits; i += 2) decoded[i / 2] = (byte)((HexDigit(value[i]) << 4) | HexDigit(value[i + 1]));
        if (!title[..(digits / 2)].SequenceEqual(decoded[..(digits / 2)])) return false;
        title = title[(digits / 2)..];
        return true;
    }

    private static int HexDigit(byte b) => b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10;
}
