namespace AksAuditd.Events.Json;

/// <summary>Titles of processes as they stand in a line, by the bytes of their record's field: a process has the same in all of its events.</summary>
internal sealed class TitleFragments
{
    private const int Places = 512;

    // 128 bytes in hexadecimal.
    private const int LongestTitle = 256;

    private readonly (byte[] Bytes, int Title, int Json)[] _entries = new (byte[], int, int)[Places];

    /// <summary>The JSON of a title. False when it has to be written, and then <see cref="Set"/>.</summary>
    public bool TryGet(ReadOnlySpan<byte> title, out ReadOnlySpan<byte> json)
    {
        ref (byte[] Bytes, int Title, int Json) entry = ref _entries[Place(title)];
        bool found = entry.Title == title.Length && entry.Bytes is not null && title.SequenceEqual(entry.Bytes.AsSpan(0, entry.Title));
        json = found ? entry.Bytes.AsSpan(entry.Title, entry.Json) : default;
        return found;
    }

    public void Set(ReadOnlySpan<byte> title, ReadOnlySpan<byte> json)
    {
        if (title.Length > LongestTitle) return;
        ref (byte[]? Bytes, int Title, int Json) entry = ref _entries[Place(title)]!;
        int length = title.Length + json.Length;
        if (entry.Bytes is null || entry.Bytes.Length < length) entry.Bytes = new byte[length * 2];
        title.CopyTo(entry.Bytes);
        json.CopyTo(entry.Bytes.AsSpan(title.Length));
        (entry.Title, entry.Json) = (title.Length, json.Length);
    }

    private static int Place(ReadOnlySpan<byte> title) => (int)(ActorTable.Hash(title) & (Places - 1));
}
