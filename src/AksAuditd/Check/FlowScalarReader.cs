using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AksAuditd.Check;

/// <summary>Reads plain and quoted scalars: line breaks become spaces, and in double quotes there are escapes.</summary>
internal static class FlowScalarReader
{
    public static void Read(string text, int start, Scalar scalar, ScalarMap.Writer writer)
    {
        bool isSingle = scalar.Style == ScalarStyle.SingleQuoted, isDouble = scalar.Style == ScalarStyle.DoubleQuoted;
        string special = isDouble ? " \t\r\n\\\"" : isSingle ? " \t\r\n'" : " \t\r\n";
        int at = isSingle || isDouble ? start + 1 : start;
        while (at < text.Length && !writer.IsFull)
        {
            char c = text[at];
            if (c is ' ' or '\t' or '\r' or '\n')
            {
                at = ReadBlanks(text, at, writer);
            }
            else if (isDouble && c == '\\' && at + 1 < text.Length)
            {
                at = ReadEscape(text, at, writer);
            }
            else if (isSingle && c == '\'')
            {
                writer.Add('\'', at);
                at += 2;
            }
            else
            {
                int run = text.AsSpan(at).IndexOfAny(special);
                if (run == 0) return;
                int end = run < 0 ? text.Length : at + run;
                writer.Copy(at, end);
                at = end;
            }
        }
    }

    // One line break is a space, and each further one a line break; blanks around them go.
    private static int ReadBlanks(string text, int at, ScalarMap.Writer writer)
    {
        int end = SkipBlanks(text, at);
        if (end >= text.Length || text[end] is not ('\n' or '\r'))
        {
            writer.Copy(at, end);
            return end;
        }

        int first = end, next = SkipBlanks(text, NextLine(text, end));
        if (next >= text.Length || text[next] is not ('\n' or '\r'))
        {
            writer.Add(' ', first);
            return next;
        }

        return ReadBreaks(text, next, writer);
    }

    private static int ReadBreaks(string text, int at, ScalarMap.Writer writer)
    {
        while (at < text.Length && text[at] is '\n' or '\r')
        {
            writer.Add('\n', at);
            at = SkipBlanks(text, NextLine(text, at));
        }

        return at;
    }

    private static int ReadEscape(string text, int at, ScalarMap.Writer writer)
    {
        char c = text[at + 1];
        if (c is '\n' or '\r') return ReadBreaks(text, SkipBlanks(text, NextLine(text, at + 1)), writer);
        int digits = c switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            if (at + 2 + digits > text.Length || !int.TryParse(text.AsSpan(at + 2, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int code)) return text.Length;
            if (code is < 0 or > 0x10FFFF) return text.Length;
            string characters = code < 0x10000 ? ((char)code).ToString() : char.ConvertFromUtf32(code);
            foreach (char character in characters) writer.Add(character, at);
            return at + 2 + digits;
        }

        writer.Add(c switch
        {
            '0' => '\0',
            'a' => '\a',
            'b' => '\b',
            't' or '\t' => '\t',
            'n' => '\n',
            'v' => '\v',
            'f' => '\f',
            'r' => '\r',
            'e' => '\u001B',
            'N' => '\u0085',
            '_' => '\u00A0',
            'L' => '\u2028',
            'P' => '\u2029',
            _ => c,
        }, at);
        return at + 2;
    }

    private static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t') at++;
        return at;
    }

    private static int NextLine(string text, int end) => end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
}
