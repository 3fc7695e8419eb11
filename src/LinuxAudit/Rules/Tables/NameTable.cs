using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace LinuxAudit.Rules.Tables;

/// <summary>Numbers and their names; names compare without case, as auditctl compares them.</summary>
internal sealed class NameTable
{
    private readonly FrozenDictionary<int, string> _names;
    private readonly FrozenDictionary<string, int> _numbers;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private NameTable(List<(int Number, string Name)> rows)
    {
        Dictionary<int, string> names = [];
        foreach ((int number, string name) in rows) names.TryAdd(number, name);
        _names = names.ToFrozenDictionary();
        _numbers = rows.ToFrozenDictionary(r => r.Name, r => r.Number, StringComparer.OrdinalIgnoreCase);
        _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Every name that is read, aliases included.</summary>
    public IEnumerable<string> Names => _numbers.Keys;

    /// <summary>Every number with the name that is printed for it.</summary>
    public IReadOnlyDictionary<int, string> Numbers => _names;

    /// <summary>Reads lines of <c>NUMBER NAME</c>; of several names for a number the first is the one to print.</summary>
    public static NameTable Read(ReadOnlySpan<byte> lines)
    {
        List<(int, string)> rows = [];
        foreach (Range line in lines.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> row = lines[line];
            int space = row.IndexOf((byte)' ');
            if (space > 0) rows.Add((int.Parse(row[..space], CultureInfo.InvariantCulture), Encoding.ASCII.GetString(row[(space + 1)..])));
        }

        return new NameTable(rows);
    }

    /// <summary>The number of a name; null when there is none.</summary>
    public int? NumberOf(ReadOnlySpan<char> name) => _lookup.TryGetValue(name, out int number) ? number : null;

    /// <summary>The name to print for a number; null when there is none.</summary>
    public string? NameOf(int number) => _names.GetValueOrDefault(number);
}
