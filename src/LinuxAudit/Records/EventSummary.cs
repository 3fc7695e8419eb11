using System.Buffers;

namespace LinuxAudit.Records;

/// <summary>The columns of <see cref="EventSummary"/>, in the order and with the meaning of <c>ausearch --format csv</c>.</summary>
public enum SummaryColumn
{
    /// <summary>The type of the event: the name of its first record's.</summary>
    Event,
    /// <summary>The kind of the event: <c>audit-rule</c>, <c>user-login</c>, <c>anomaly</c>.</summary>
    Kind,
    /// <summary>The login session, <c>unset</c> when there is none.</summary>
    Session,
    /// <summary>Who: the login user, <c>system</c> when nobody had logged in.</summary>
    SubjectPrimary,
    /// <summary>As whom: the user at the time.</summary>
    SubjectSecondary,
    /// <summary>What kind of account: <c>privileged-acct</c>, <c>service-acct</c>, <c>user-acct</c>.</summary>
    SubjectKind,
    /// <summary>What was done: <c>opened-file</c>, <c>executed</c>, <c>authenticated</c>.</summary>
    Action,
    /// <summary><c>success</c>, <c>failed</c>, or empty.</summary>
    Result,
    /// <summary>To what: a path, an address, an account.</summary>
    ObjectPrimary,
    /// <summary>More about the object: the inode of a path.</summary>
    ObjectSecondary,
    /// <summary>What kind of object: <c>file</c>, <c>socket</c>, <c>user-session</c>.</summary>
    ObjectKind,
    /// <summary>By what means: usually the executable.</summary>
    How,
}

/// <summary>
/// What an event says in a few words: who did what, to what, how. Made to be used again and again with
/// <see cref="EventSummarizer.Summarize"/>; one thread at a time.
/// </summary>
public sealed class EventSummary
{
    /// <summary>How many columns there are.</summary>
    public const int Columns = (int)SummaryColumn.How + 1;

    private readonly (int Start, int Length)[] _columns = new (int, int)[Columns];
    private readonly ArrayBufferWriter<byte> _text = new(512);
    private int _start;

    /// <summary>
    /// A column's text, empty when there is nothing to say; valid until the summary is used again. Paths, names and commands are an attacker's
    /// bytes: no valid UTF-8, any control character.
    /// </summary>
    public ReadOnlySpan<byte> this[SummaryColumn column] => _text.WrittenSpan.Slice(_columns[(int)column].Start, _columns[(int)column].Length);

    internal void Clear()
    {
        _text.ResetWrittenCount();
        Array.Clear(_columns);
    }

    /// <summary>Where the next column's text is written; ended by <see cref="Set(SummaryColumn)"/>.</summary>
    internal IBufferWriter<byte> Begin()
    {
        _start = _text.WrittenCount;
        return _text;
    }

    /// <summary>What was written since <see cref="Begin"/>.</summary>
    internal ReadOnlySpan<byte> Written => _text.WrittenSpan[_start..];

    internal void Set(SummaryColumn column) => _columns[(int)column] = (_start, _text.WrittenCount - _start);

    internal void Set(SummaryColumn column, ReadOnlySpan<byte> text)
    {
        Begin().Write(text);
        Set(column);
    }

    /// <summary>Gives back the last bytes that were written, of a column that gets shorter.</summary>
    internal void Replace(SummaryColumn column, ReadOnlySpan<byte> text)
    {
        // The text may be part of what is replaced: both are in this buffer, so it is copied behind first.
        Begin();
        _text.Write(text);
        Set(column);
    }
}
