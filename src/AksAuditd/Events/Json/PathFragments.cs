namespace AksAuditd.Events.Json;

/// <summary>
/// What <c>PATH</c> records with an absolute name say and what became of them in a line, by the bytes of their body: the same libraries, programs and
/// directories come again and again. Two that share a place make each other be read again.
/// </summary>
internal sealed class PathFragments
{
    private const int Places = 2048;

    // Paths are mostly shorter than 100 bytes, and what follows them is 150.
    private const int LongestBody = 512;

    // An owner may get another name: what is older is written again.
    private const long LongestSeconds = 60;

    private readonly Entry?[] _entries = new Entry?[Places];

    public sealed class Entry
    {
        private byte[] _bytes = new byte[512];
        private int _body, _path, _json = -1;
        private PathItem _item;
        private long _seconds;

        /// <summary>What the record says; its number is that of another event.</summary>
        public ref readonly PathItem Item => ref _item;

        /// <summary>Counts up each time another record takes the place of this one.</summary>
        public int Version { get; private set; }

        /// <summary>The name as an absolute path, normalized.</summary>
        public ReadOnlySpan<byte> Path => _bytes.AsSpan(_body, _path);

        /// <summary>The members of its object.</summary>
        public ReadOnlySpan<byte> Json => _bytes.AsSpan(_body + _path, _json);

        /// <summary>True when this is what the bytes say.</summary>
        public bool Is(ReadOnlySpan<byte> body) => body.SequenceEqual(_bytes.AsSpan(0, _body));

        public bool HasJson(long seconds) => _json >= 0 && (ulong)(seconds - _seconds) < LongestSeconds;

        public void Set(ReadOnlySpan<byte> body, in PathItem item, ReadOnlySpan<byte> path)
        {
            (_body, _path, _json) = (0, 0, -1);
            _item = item;
            Version++;
            Add(body);
            _body = body.Length;
            Add(path);
            _path = path.Length;
        }

        public void SetJson(ReadOnlySpan<byte> json, long seconds)
        {
            Add(json);
            _json = json.Length;
            _seconds = seconds;
        }

        private void Add(ReadOnlySpan<byte> bytes)
        {
            int at = _body + _path;
            if (_bytes.Length < at + bytes.Length) Array.Resize(ref _bytes, 2 * (at + bytes.Length));
            bytes.CopyTo(_bytes.AsSpan(at));
        }
    }

    /// <summary>The place for a body; <see cref="Entry.Is"/> tells whether it has it. Null when it is too long to be kept.</summary>
    public Entry? Of(ReadOnlySpan<byte> body) => body.Length > LongestBody ? null : _entries[ActorTable.Hash(body) & (Places - 1)] ??= new Entry();
}
