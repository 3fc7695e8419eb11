using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LinuxAudit.Records;

/// <summary>
/// The text of the id that was read last, and what it is: the records of an event come one after the other, and the same text needs no second reading;
/// those of the next event mostly have the same second. Not thread-safe.
/// </summary>
internal sealed class IdMemory
{
    // Before and behind the id, the space included that nearly every record has.
    private const int Around = 9, LongestSerial = 10;

    // What follows the second: 123:4294967295): and a space.
    private const int LongestRest = 4 + LongestSerial + 3;

    private readonly byte[] _text = new byte[EventId.MaxLength + Around];

    // The text up to the dot behind the seconds.
    private int _upToSeconds;
    private int _length;
    private EventId _id;

    /// <summary>True when <paramref name="rest"/> begins with the text, or with one of the same second; it is as long as <paramref name="used"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryRead(ReadOnlySpan<byte> rest, out EventId id, out int used)
    {
        id = _id;
        used = _length;
        if (used == 0) return false;
        if (IsSame(rest)) return true;
        return rest.StartsWith(_text.AsSpan(0, _upToSeconds)) && TryReadRest(rest, ref id, ref used);
    }

    /// <summary>Remembers a text, from <c>audit(</c> to the space behind the colon. Without the space it is not remembered.</summary>
    internal void Set(ReadOnlySpan<byte> text, in EventId id)
    {
        _length = 0;
        if (text.Length > _text.Length || !text.EndsWith((byte)' ')) return;
        text.CopyTo(_text);
        _length = text.Length;
        _upToSeconds = text.IndexOf((byte)'.') + 1;
        _id = id;
    }

    // As all ids are long until 2286: the first and the last 16 bytes are all of it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsSame(ReadOnlySpan<byte> rest)
    {
        int behind = _length - Vector128<byte>.Count;
        if (behind is < 0 or > 16 || rest.Length < _length) return rest.StartsWith(_text.AsSpan(0, _length));
        ReadOnlySpan<byte> text = _text;
        return (Vector128.Create(rest) ^ Vector128.Create(text) | Vector128.Create(rest[behind..]) ^ Vector128.Create(text[behind..])) == Vector128<byte>.Zero;
    }

    /// <summary>As <see cref="EventId.TryParse"/> reads it; false for what only that can tell.</summary>
    private bool TryReadRest(ReadOnlySpan<byte> rest, ref EventId id, ref int used)
    {
        ReadOnlySpan<byte> text = rest[_upToSeconds..];
        if (text.Length < LongestRest || text[3] != ':') return false;
        uint hundreds = (uint)(text[0] - '0'), tens = (uint)(text[1] - '0'), ones = (uint)(text[2] - '0');
        if (hundreds > 9 || tens > 9 || ones > 9) return false;
        ulong serial = 0;
        int at = 4;
        for (uint digit; at < 4 + LongestSerial && (digit = (uint)(text[at] - '0')) <= 9; at++) serial = serial * 10 + digit;
        if (at == 4 || serial > uint.MaxValue || text[at] != ')' || text[at + 1] != ':' || text[at + 2] != ' ') return false;
        id = new EventId(_id.Seconds, (int)(hundreds * 100 + tens * 10 + ones), (uint)serial);
        used = _upToSeconds + at + 3;
        if (used > _text.Length) return false;
        text[..(at + 3)].CopyTo(_text.AsSpan(_upToSeconds));
        _length = used;
        _id = id;
        return true;
    }
}
