using System.Numerics;
using System.Runtime.InteropServices;

namespace LinuxAudit.Records;

/// <summary>Numbers of names: a hash table from bytes, at most half full. Immutable, so thread-safe; a look-up allocates nothing.</summary>
internal sealed class NameIndex
{
    private readonly byte[] _text;
    private readonly (int Start, int Length, int Value)[] _slots;

    /// <summary>The table from name to number of a <see cref="ValueNames"/>.</summary>
    internal NameIndex(ValueNames names)
    {
        _slots = Allocate(names.Entries.Length);
        List<byte> text = [];
        foreach (ValueNames.Entry entry in names.Entries) Add(text, names.Name(entry), (int)entry.Value);
        _text = [.. text];
    }

    /// <summary>A table from text: <c>NUMBER NAME NAME …</c> on each line.</summary>
    internal NameIndex(ReadOnlySpan<byte> lines)
    {
        _slots = Allocate(lines.Count((byte)' '));
        List<byte> text = [];
        foreach (Range range in lines.Split((byte)'\n'))
        {
            int value = -1;
            ReadOnlySpan<byte> line = lines[range];
            foreach (Range word in line.Split((byte)' '))
            {
                if (value < 0) value = (int)(Numbers.TryParse(line[word], out ulong v) ? v : throw new ArgumentException("a line without number"));
                else Add(text, line[word], value);
            }
        }
        _text = [.. text];
    }

    internal bool TryGet(ReadOnlySpan<byte> name, out int value)
    {
        int mask = _slots.Length - 1;
        for (uint i = Hash(name); ; i++)
        {
            (int start, int length, value) = _slots[i & mask];
            if (length == 0) return false;
            if (length == name.Length && _text.AsSpan(start, length).SequenceEqual(name)) return true;
        }
    }

    private static (int, int, int)[] Allocate(int count) => new (int, int, int)[BitOperations.RoundUpToPowerOf2((uint)count * 2 + 2)];

    private void Add(List<byte> text, ReadOnlySpan<byte> name, int value)
    {
        int mask = _slots.Length - 1;
        uint i = Hash(name);
        while (_slots[i & mask].Length != 0)
        {
            (int start, int length, _) = _slots[i & mask];
            if (name.SequenceEqual(CollectionsMarshal.AsSpan(text).Slice(start, length))) return;
            i++;
        }
        _slots[i & mask] = (text.Count, name.Length, value);
        text.AddRange(name);
    }

    // FNV-1a over at most the first 24 bytes: an attacker may make names as long as a record.
    private static uint Hash(ReadOnlySpan<byte> name)
    {
        uint hash = 2166136261;
        foreach (byte b in name.Length > 24 ? name[..24] : name) hash = (hash ^ b) * 16777619;
        return hash ^ (hash >> 15);
    }
}
