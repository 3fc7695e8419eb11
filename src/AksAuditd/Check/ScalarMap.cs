using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AksAuditd.Check;

/// <summary>
/// Where each character of a YAML scalar's value stands in the YAML text. The parser tells only where the scalar starts; this reads it again
/// (YAML 1.2.2, chapters 7 and 8), and trusts itself only when it comes to the parser's value.
/// </summary>
internal sealed class ScalarMap
{
    // Stretches in which value and text go along character by character.
    private readonly List<int> _values = [];
    private readonly List<int> _sources = [];
    private readonly int _start;
    private readonly int _length;

    private ScalarMap(int start, int length) => (_start, _length) = (start, length);

    /// <summary>Reads the scalar that starts at <paramref name="start"/>.</summary>
    public static ScalarMap Create(string text, int start, Scalar scalar)
    {
        start = SkipProperties(text, start);
        ScalarMap map = new(start, scalar.Value.Length);
        Writer writer = new(map, text, scalar.Value.Length);
        if (scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded) BlockScalarReader.Read(text, start, scalar, writer);
        else FlowScalarReader.Read(text, start, scalar, writer);
        if (!writer.Is(scalar.Value))
        {
            map._values.Clear();
            map._sources.Clear();
        }

        return map;
    }

    /// <summary>Where a character of the value comes from; for the value's end, the place after its last one.</summary>
    public int ToSource(int index)
    {
        if (_values.Count == 0) return _start;
        if (index >= _length && _length > 0) return ToSource(_length - 1) + WidthAt(_length - 1);
        int run = Run(index);
        return _sources[run] + index - _values[run];
    }

    /// <summary>How many characters of the text make this one of the value; 1 but for escapes.</summary>
    public int WidthAt(int index)
    {
        if (_values.Count == 0) return 0;
        int run = Run(index);
        bool last = run + 1 < _values.Count && _values[run + 1] == index + 1;
        int width = last ? _sources[run + 1] - (_sources[run] + index - _values[run]) : 1;
        return width is > 1 and <= 10 ? width : 1;
    }

    private int Run(int index)
    {
        int found = _values.BinarySearch(index);
        return Math.Max(0, found >= 0 ? found : ~found - 1);
    }

    // An anchor and a tag stand before the scalar: &name !!str "value".
    private static int SkipProperties(string text, int at)
    {
        while (at < text.Length && text[at] is '&' or '!')
        {
            while (at < text.Length && !char.IsWhiteSpace(text[at])) at++;
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        }

        return at;
    }

    /// <summary>Takes the characters of the value one after the other.</summary>
    internal sealed class Writer(ScalarMap map, string text, int length)
    {
        private readonly StringBuilder _value = new();

        public int Count => _value.Length;

        /// <summary>Whether the value is as long as the parser's.</summary>
        public bool IsFull => _value.Length >= length;

        public bool Is(string value) => _value.Equals(value);

        /// <summary>A character that the text spells in some other way, or at another place.</summary>
        public void Add(char c, int source)
        {
            Place(source);
            _value.Append(c);
        }

        /// <summary>Characters that are the same in both, as many as the value still has.</summary>
        public void Copy(int from, int to)
        {
            to = Math.Min(to, from + length - Count);
            if (from >= to) return;
            Place(from);
            _value.Append(text, from, to - from);
        }

        private void Place(int source)
        {
            int run = map._values.Count - 1;
            if (run >= 0 && map._sources[run] + Count - map._values[run] == source) return;
            map._values.Add(Count);
            map._sources.Add(source);
        }
    }
}
