using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AksAuditd.Check;

/// <summary>
/// The events of one document of a YAML text. Documents are cut at their <c>---</c> lines (YAML 1.2.2, chapter 9: no scalar can hold one), so that
/// a mistake in one does not hide those in the next.
/// </summary>
internal sealed class YamlDocument
{
    private readonly Parser _parser;
    private readonly int _start;
    private readonly Dictionary<string, Anchored> _anchors = new(StringComparer.Ordinal);

    public YamlDocument(string text, int start, int end)
    {
        _start = start;
        _parser = new Parser(new StringReader(text[start..end]));
    }

    /// <summary>The event that is next.</summary>
    public ParsingEvent? Current => _parser.Current;

    /// <summary>Where the next event starts in the text.</summary>
    public int Position => _start + (int)(_parser.Current?.Start.Index ?? 0);

    /// <summary>Whether nothing is left.</summary>
    public bool IsAtEnd => _parser.Current is null or StreamEnd or DocumentEnd;

    /// <summary>Where the document that starts at <paramref name="start"/> ends: before the next line that is <c>---</c>.</summary>
    public static int End(string text, int start)
    {
        int seen = start;
        for (int at = text.IndexOf("\n---", start, StringComparison.Ordinal); at >= 0; at = text.IndexOf("\n---", at + 1, StringComparison.Ordinal))
        {
            bool isMarker = at + 4 == text.Length || text[at + 4] is '\n' or '\r' or ' ' or '\t';
            if (!isMarker) continue;
            if (HasContent(text.AsSpan(seen, at + 1 - seen))) return at + 1;
            seen = at + 1;
        }

        return text.Length;
    }

    /// <summary>Goes to the document's only node; false when it is empty.</summary>
    public bool MoveToRoot()
    {
        while (_parser.MoveNext() && _parser.Current is StreamStart or DocumentStart) { }
        return _parser.Current is not (null or StreamEnd or DocumentEnd);
    }

    /// <summary>Goes to the next event.</summary>
    public void Next() => _parser.MoveNext();

    /// <summary>The text that is next, also through an alias; null when something else is.</summary>
    /// <param name="start">Where the text starts.</param>
    public Scalar? Resolve(out int start)
    {
        start = Position;
        if (_parser.Current is not AnchorAlias alias) return _parser.Current as Scalar;
        if (!_anchors.TryGetValue(alias.Value.Value, out Anchored? anchored)) return null;
        start = anchored.Start;
        return anchored.Scalar;
    }

    /// <summary>Remembers a text that has an anchor.</summary>
    public void Remember()
    {
        if (_parser.Current is Scalar { Anchor.IsEmpty: false } scalar) _anchors[scalar.Anchor.Value] = new(scalar, Position);
    }

    /// <summary>Goes over a whole node; false when it is nested more than <paramref name="maxDepth"/> deep.</summary>
    public bool Skip(int maxDepth)
    {
        int depth = 0;
        do
        {
            Remember();
            depth += _parser.Current switch
            {
                MappingStart or SequenceStart => 1,
                MappingEnd or SequenceEnd => -1,
                _ => 0,
            };
            if (depth > maxDepth || !_parser.MoveNext()) return false;
        }
        while (depth > 0);
        return true;
    }

    // Directives and comments belong to the document after them.
    private static bool HasContent(ReadOnlySpan<char> text)
    {
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            ReadOnlySpan<char> trimmed = line.Trim();
            if (!trimmed.IsEmpty && trimmed[0] is not ('#' or '%') && !trimmed.SequenceEqual("...")) return true;
        }

        return false;
    }

    private sealed record Anchored(Scalar Scalar, int Start);
}
