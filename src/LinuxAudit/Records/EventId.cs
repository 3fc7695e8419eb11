using System.Buffers.Text;

namespace LinuxAudit.Records;

/// <summary>
/// What makes records one event: the time and the serial number between the brackets of <c>audit(1364481363.243:24287)</c>.
/// </summary>
/// <param name="Seconds">Seconds since 1970-01-01 UTC; not negative. Default 0.</param>
/// <param name="Milliseconds">0 to 999. Default 0.</param>
/// <param name="Serial">
/// The kernel's event counter: it starts at 1 with each boot, grows by one an event, and wraps after 4,294,967,295. auditd numbers its own
/// <c>DAEMON_*</c> records from a counter of its own. Default 0.
/// </param>
public readonly record struct EventId(long Seconds, int Milliseconds, uint Serial)
{
    /// <summary>The longest text of an id, in bytes: <c>9223372036854.775:4294967295</c> and the kernel's own are shorter.</summary>
    public const int MaxLength = 36;

    // 253402300799 is 9999-12-31T23:59:59Z, the last second DateTimeOffset knows; a record from later makes no sense.
    private const long MaxSeconds = 253402300799;

    /// <summary>The time as UTC.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(TotalMilliseconds);

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public long TotalMilliseconds => Seconds * 1000 + Milliseconds;

    /// <summary>
    /// Reads <c>SECONDS.MMM:SERIAL</c>, all of <paramref name="text"/>. False when it is anything else: no sign, no space, exactly three
    /// digits of milliseconds, a time up to the year 9999, a serial up to 4,294,967,295.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out EventId id)
    {
        id = default;
        int dot = text.IndexOf((byte)'.');
        if (dot < 1 || text.Length < dot + 6 || text[dot + 4] != ':') return false;
        if (!TryParseDigits(text[..dot], MaxSeconds, out long seconds)
            || !TryParseDigits(text.Slice(dot + 1, 3), 999, out long milliseconds)
            || !TryParseDigits(text[(dot + 5)..], uint.MaxValue, out long serial)) return false;
        id = new EventId(seconds, (int)milliseconds, (uint)serial);
        return true;
    }

    /// <summary>Writes <c>SECONDS.MMM:SERIAL</c>. False, and nothing useful written, when <paramref name="destination"/> is too small.</summary>
    public bool TryFormat(Span<byte> destination, out int written)
    {
        written = 0;
        if (!Utf8Formatter.TryFormat(Seconds, destination, out int n) || destination.Length < n + 5) return false;
        destination[n++] = (byte)'.';
        destination[n++] = (byte)('0' + Milliseconds / 100);
        destination[n++] = (byte)('0' + Milliseconds / 10 % 10);
        destination[n++] = (byte)('0' + Milliseconds % 10);
        destination[n++] = (byte)':';
        if (!Utf8Formatter.TryFormat(Serial, destination[n..], out int m)) return false;
        written = n + m;
        return true;
    }

    /// <summary>The id as in a record: <c>1364481363.243:24287</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Seconds}.{Milliseconds:000}:{Serial}");

    private static bool TryParseDigits(ReadOnlySpan<byte> text, long max, out long value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > 12) return false;
        foreach (byte b in text)
        {
            uint digit = (uint)(b - '0');
            if (digit > 9) return false;
            value = value * 10 + digit;
        }
        return value <= max;
    }
}
