using System.Collections.Frozen;

namespace LinuxAudit.Records;

/// <summary>Names of users and groups as passwd(5) and group(5) have them. Immutable, so thread-safe.</summary>
public sealed class IdentityTable : IIdentityNames
{
    private readonly FrozenDictionary<uint, byte[]> _users;
    private readonly FrozenDictionary<uint, byte[]> _groups;

    private IdentityTable(FrozenDictionary<uint, byte[]> users, FrozenDictionary<uint, byte[]> groups)
    {
        _users = users;
        _groups = groups;
    }

    /// <summary>A table that knows no name.</summary>
    public static IdentityTable Empty { get; } = Parse(default, default);

    /// <summary>
    /// A table from the contents of /etc/passwd and /etc/group. Lines that are no entries are passed over; of several names for one id the first
    /// counts, as in getpwuid(3).
    /// </summary>
    public static IdentityTable Parse(ReadOnlySpan<byte> passwd, ReadOnlySpan<byte> group) => new(ParseNames(passwd), ParseNames(group));

    /// <inheritdoc/>
    public bool TryGetUser(uint uid, out ReadOnlySpan<byte> name) => TryGet(_users, uid, out name);

    /// <inheritdoc/>
    public bool TryGetGroup(uint gid, out ReadOnlySpan<byte> name) => TryGet(_groups, gid, out name);

    private static bool TryGet(FrozenDictionary<uint, byte[]> names, uint id, out ReadOnlySpan<byte> name)
    {
        bool found = names.TryGetValue(id, out byte[]? bytes);
        name = bytes;
        return found;
    }

    /// <summary>Name and id are the first and the third of a line's fields in both files.</summary>
    private static FrozenDictionary<uint, byte[]> ParseNames(ReadOnlySpan<byte> lines)
    {
        Dictionary<uint, byte[]> names = [];
        Span<Range> fields = stackalloc Range[4];
        foreach (Range range in lines.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = lines[range];
            if (Split(line, fields) < 3 || line[fields[0]].IsEmpty) continue;
            if (Numbers.TryParseDecimal(line[fields[2]], out ulong id) && id < uint.MaxValue) names.TryAdd((uint)id, line[fields[0]].ToArray());
        }
        return names.ToFrozenDictionary();
    }

    private static int Split(ReadOnlySpan<byte> line, Span<Range> fields)
    {
        int count = 0;
        foreach (Range field in line.Split((byte)':'))
        {
            if (count == fields.Length) break;
            fields[count++] = field;
        }
        return count;
    }
}
