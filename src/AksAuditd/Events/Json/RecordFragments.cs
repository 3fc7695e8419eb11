namespace AksAuditd.Events.Json;

/// <summary>
/// What a record became in a line, by the bytes of its body: a process has the same title and directory in all of its events. Two that share a place make
/// each other be written again.
/// </summary>
internal sealed class RecordFragments
{
    private const int Places = 512;

    // A title has 128 bytes at the most, twice as many in hexadecimal; longer directories are rare.
    private const int LongestBody = 288;

    private readonly (byte[]? Bytes, int Body, int Json)[] _entries = new (byte[]?, int, int)[Places];
    private int _last;

    /// <summary>The JSON of a record. False when it has to be written, and then <see cref="Set"/>.</summary>
    public bool TryGet(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> json)
    {
        json = default;
        if (body.Length > LongestBody) return false;
        // Mostly it is that of the event before.
        if (!Is(_entries[_last], body))
        {
            int place = Place(body);
            if (!Is(_entries[place], body)) return false;
            _last = place;
        }

        ref readonly (byte[]? Bytes, int Body, int Json) entry = ref _entries[_last];
        json = entry.Bytes.AsSpan(entry.Body, entry.Json);
        return true;
    }

    public void Set(ReadOnlySpan<byte> body, ReadOnlySpan<byte> json)
    {
        if (body.Length > LongestBody) return;
        ref (byte[]? Bytes, int Body, int Json) entry = ref _entries[Place(body)];
        int length = body.Length + json.Length;
        if (entry.Bytes is null || entry.Bytes.Length < length) entry.Bytes = new byte[length * 2];
        body.CopyTo(entry.Bytes);
        json.CopyTo(entry.Bytes.AsSpan(body.Length));
        (entry.Body, entry.Json) = (body.Length, json.Length);
    }

    private static bool Is(in (byte[]? Bytes, int Body, int Json) entry, ReadOnlySpan<byte> body) =>
        entry.Bytes is not null && body.SequenceEqual(entry.Bytes.AsSpan(0, entry.Body));

    private static int Place(ReadOnlySpan<byte> body) => (int)(ActorTable.Hash(body) & (Places - 1));
}
