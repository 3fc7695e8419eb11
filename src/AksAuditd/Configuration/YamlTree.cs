using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace AksAuditd.Configuration;

/// <summary>
/// The first document of a YAML text as a tree, for files of settings. Whatever the text: nothing is thrown, and it costs no more than its length. The tree builder calls itself for
/// each level, and looks at what an alias stands for again and again, so that depth is bounded and an alias may only stand for a text.
/// </summary>
internal static class YamlTree
{
    private const int MaxDepth = 20;

    /// <summary>Reads <paramref name="text"/>.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="root">Its node; null when there is none, or nothing but a null.</param>
    /// <param name="at">Where the mistake is.</param>
    /// <param name="error">What is wrong, in one line; empty when all is well.</param>
    public static bool TryRead(string text, out YamlNode? root, out Mark at, out string error)
    {
        root = null;
        Parser parser = new(new StringReader(text));
        try
        {
            if (!IsPlain(parser, out at, out error)) return false;
            YamlStream yaml = [];
            yaml.Load(new StringReader(text));
            if (yaml.Documents.Count > 0 && yaml.Documents[0].RootNode is not YamlScalarNode { Value: null or "" }) root = yaml.Documents[0].RootNode;
            return true;
        }
        catch (YamlException e)
        {
            (at, error) = (e.Start, $"not valid YAML: {ConfigText.OneLine(e.Message)}");
            return false;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The YAML parser throws these for some texts that are not YAML.
            (at, error) = (parser.Current?.End ?? Mark.Empty, "not valid YAML");
            return false;
        }
    }

    private static bool IsPlain(Parser parser, out Mark at, out string error)
    {
        HashSet<AnchorName> branches = [];
        int depth = 0;
        (at, error) = (Mark.Empty, "");
        while (parser.MoveNext() && error.Length == 0)
        {
            ParsingEvent now = parser.Current!;
            at = now.Start;
            depth += now.NestingIncrease;
            if (now is MappingStart or SequenceStart && ((NodeEvent)now).Anchor is { IsEmpty: false } anchor) branches.Add(anchor);
            if (now is AnchorAlias alias && branches.Contains(alias.Value)) error = $"*{alias.Value} stands for a list or mapping; an alias may only stand for a text";
            // A stream and a document are levels too.
            else if (depth > MaxDepth + 2) error = $"more than {MaxDepth} levels of nesting";
        }

        return error.Length == 0;
    }
}
