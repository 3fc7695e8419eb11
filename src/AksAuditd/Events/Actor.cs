using LinuxAudit.Records;

namespace AksAuditd.Events;

/// <summary>
/// The part of a main record that says who did it and by which program: from <c>auid=</c> to its end. It is the same for all events of a program
/// that runs as one user, so it is read once for all of them (<see cref="ActorTable"/>). Memory is used again for the next one.
/// </summary>
internal sealed class Actor(int place)
{
    private const byte KeySeparator = 1;

    private readonly uint[] _ids = new uint[FactField.FilesystemGid - FactField.Uid + 1];
    private byte[] _record = [], _text = new byte[256];
    private int _recordLength, _textLength;
    private Range _executable, _command;
    private Range[] _keys = new Range[2];
    private int[] _leftovers = new int[4];

    /// <summary>Its number in the table, from 0.</summary>
    public int Place { get; } = place;

    /// <summary>Counts up each time another one takes the place of this one.</summary>
    public long Generation { get; private set; }

    public uint AuditUid { get; set; }

    public uint Session { get; set; }

    public ReadOnlySpan<byte> Executable => _text.AsSpan(_executable);

    public ReadOnlySpan<byte> Command => _text.AsSpan(_command);

    public int KeyCount { get; private set; }

    public int LeftoverCount { get; private set; }

    /// <summary>Fields it has, a bit for each <see cref="FactField"/>.</summary>
    public uint Seen { get; set; }

    public ReadOnlySpan<byte> Key(int index) => _text.AsSpan(_keys[index]);

    public int Leftover(int index) => _leftovers[index];

    public ref uint IdOf(FactField field) => ref _ids[field - FactField.Uid];

    /// <summary>True when this is what the bytes say.</summary>
    public bool Is(ReadOnlySpan<byte> record) => record.SequenceEqual(_record.AsSpan(0, _recordLength));

    /// <summary>Forgets what it was.</summary>
    public void Clear()
    {
        Generation++;
        AuditUid = Session = EventFacts.None;
        _executable = _command = default;
        _recordLength = _textLength = KeyCount = LeftoverCount = 0;
        _ids.AsSpan().Fill(EventFacts.None);
        Seen = 0;
    }

    /// <summary>Keeps the bytes it was read from.</summary>
    public void Keep(ReadOnlySpan<byte> record)
    {
        if (_record.Length < record.Length) _record = new byte[record.Length];
        record.CopyTo(_record);
        _recordLength = record.Length;
    }

    public void AddLeftover(int at)
    {
        if (LeftoverCount == _leftovers.Length) Array.Resize(ref _leftovers, LeftoverCount * 2);
        _leftovers[LeftoverCount++] = at;
    }

    public void SetCommand(in Field field) => _command = Text(field);

    public void SetExecutable(in Field field) => _executable = Text(field);

    public void SetKeys(in Field field)
    {
        Range all = Text(field);
        (int start, int length) = all.GetOffsetAndLength(_textLength);
        int end = start + length;
        while (start < end)
        {
            int separator = _text.AsSpan(start..end).IndexOf(KeySeparator);
            int keyEnd = separator < 0 ? end : start + separator;
            if (KeyCount == _keys.Length) Array.Resize(ref _keys, KeyCount * 2);
            if (keyEnd > start) _keys[KeyCount++] = start..keyEnd;
            start = keyEnd + 1;
        }
    }

    private Range Text(in Field field)
    {
        if (field.IsNull) return default;
        if (_text.Length < _textLength + field.Value.Length) Array.Resize(ref _text, 2 * (_textLength + field.Value.Length));
        field.TryDecode(_text.AsSpan(_textLength), out int written);
        int start = _textLength;
        _textLength += written;
        return start.._textLength;
    }
}
