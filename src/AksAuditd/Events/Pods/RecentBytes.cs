using System.Diagnostics.CodeAnalysis;

namespace AksAuditd.Events.Pods;

/// <summary>Values by a key of bytes. Bounded: about the half that was longest not asked for is forgotten when it is full. Looking up allocates nothing.</summary>
internal sealed class RecentBytes<T>(int bound)
{
    private Dictionary<byte[], T> _recent = new(BytesComparer.Instance), _older = new(BytesComparer.Instance);

    public bool TryGet(ReadOnlySpan<byte> key, [MaybeNullWhen(false)] out T value)
    {
        if (_recent.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out value)) return true;
        if (!_older.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out byte[]? kept, out value)) return false;
        Add(kept, value);
        return true;
    }

    /// <summary>Adds or replaces.</summary>
    public void Add(byte[] key, T value)
    {
        if (_recent.Count >= bound / 2)
        {
            (_recent, _older) = (_older, _recent);
            _recent.Clear();
        }

        _recent[key] = value;
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            HashCode hash = default;
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());
    }
}
