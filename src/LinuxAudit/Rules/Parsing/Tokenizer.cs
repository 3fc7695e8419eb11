using System.Text;

namespace LinuxAudit.Rules.Parsing;

/// <summary>Splits a line as auditctl 3.0.9 does: at spaces only; <c>\ </c> is a space in a word, <c>\\</c> a backslash; quotes are ordinary
/// characters.</summary>
internal static class Tokenizer
{
    public static List<Word> Split(string line)
    {
        List<Word> words = [];
        int i = 0;
        while (true)
        {
            while (i < line.Length && line[i] == ' ') i++;
            if (i == line.Length) return words;
            int start = i;
            StringBuilder? unescaped = null;
            for (; i < line.Length && line[i] != ' '; i++)
            {
                if (line[i] == '\\' && i + 1 < line.Length && line[i + 1] is (' ' or '\\'))
                {
                    unescaped ??= new StringBuilder().Append(line, start, i - start);
                    i++;
                }

                unescaped?.Append(line[i]);
            }

            words.Add(new Word(unescaped?.ToString() ?? line[start..i], start, i - start));
        }
    }
}
