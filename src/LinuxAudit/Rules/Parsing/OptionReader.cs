namespace LinuxAudit.Rules.Parsing;

/// <summary>Words to options, as getopt_long(3) reads them for auditctl: letters may stand together, a value may follow its letter at once.</summary>
internal static class OptionReader
{
    private const string WithArgument = "abdefkmpqrwACFRSW";
    private const string WithoutArgument = "chilstvD";

    private static readonly (string Name, bool TakesArgument)[] Long =
    [
        ("backlog_wait_time", true), ("loginuid-immutable", false), ("reset-lost", false), ("reset_backlog_wait_time_actual", false),
        ("signal", true),
    ];

    public static List<Option> Read(List<Word> words, LineContext line)
    {
        List<Option> options = [];
        for (int i = 0; i < words.Count; i++)
        {
            Word word = words[i];
            if (IsDash(word.Text)) word = words[i] = ReportDash(word, line);
            if (word.Text.StartsWith("--", StringComparison.Ordinal)) ReadLong(words, ref i, options, line);
            else if (word.Text.Length > 1 && word.Text[0] == '-') ReadShort(words, ref i, options, line);
            else if (ReportStray(word, options, line)) break;
        }

        return options;
    }

    private static void ReadShort(List<Word> words, ref int i, List<Option> options, LineContext line)
    {
        Word word = words[i];
        for (int at = 1; at < word.Text.Length; at++)
        {
            char letter = word.Text[at];
            if (WithoutArgument.Contains(letter, StringComparison.Ordinal))
            {
                options.Add(new Option(letter.ToString(), word, default));
                continue;
            }

            if (!WithArgument.Contains(letter, StringComparison.Ordinal))
            {
                line.Report(DiagnosticCatalogue.UnknownOption, word, $"there is no option {LineContext.Show(word.Text)}", Expected(word.Text),
                    Fix(word.Text));
                SkipValue(words, ref i);
                return;
            }

            if (at + 1 < word.Text.Length) Add(letter.ToString(), word.Part(0, at + 1), word.From(at + 1));
            else if (i + 1 < words.Count && (letter is 'k' or 'm' || !LooksLikeOption(words[i + 1].Text))) Add(letter.ToString(), word, words[++i]);
            else ReportMissing(word, letter.ToString(), line);
            break;
        }

        JoinSplit(words, ref i, options, line);
        SkipQuoted(words, ref i, options, line);

        void Add(string name, Word at, Word argument) => options.Add(new Option(name, at, argument));
    }

    private static void ReadLong(List<Word> words, ref int i, List<Option> options, LineContext line)
    {
        Word word = words[i];
        int equals = word.Text.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word.Text[2..] : word.Text[2..equals];
        (string Name, bool TakesArgument)[] found = [.. Long.Where(o => name.Length > 0 && o.Name.StartsWith(name, StringComparison.Ordinal))];
        (string Name, bool TakesArgument)? option = found.Length == 1 ? found[0] : Long.FirstOrDefault(o => o.Name == name);
        if (option is not { Name: { } full, TakesArgument: bool takesArgument })
        {
            line.Report(DiagnosticCatalogue.UnknownOption, word, $"there is no option {LineContext.Show(word.Text)}", Expected(word.Text),
                line.Suggest("--" + name, Array.ConvertAll(Long, o => "--" + o.Name)) ?? Fix(word.Text));
            if (equals < 0) SkipValue(words, ref i);
        }
        else if (!takesArgument && equals >= 0)
        {
            line.Report(DiagnosticCatalogue.StrayWord, word, $"--{full} takes no value", $"--{full}");
        }
        else if (!takesArgument)
        {
            options.Add(new Option(full, word, default));
        }
        else if (equals >= 0)
        {
            options.Add(new Option(full, word, word.From(equals + 1)));
        }
        else if (i + 1 < words.Count)
        {
            options.Add(new Option(full, word, words[++i]));
        }
        else
        {
            ReportMissing(word, full, line);
        }
    }

    /// <summary>What follows an unknown option is its value, and no mistake of its own.</summary>
    private static void SkipValue(List<Word> words, ref int i)
    {
        if (i + 1 < words.Count && !words[i + 1].Text.StartsWith('-')) i++;
    }

    /// <summary>"-S -k" is a forgotten value, "-b -5" is a bad one.</summary>
    private static bool LooksLikeOption(string text) =>
        text.Length > 1 && text[0] == '-'
            && (WithArgument.Contains(text[1], StringComparison.Ordinal) || WithoutArgument.Contains(text[1], StringComparison.Ordinal));

    /// <summary>A value that opens a quote goes on to the word that closes it: say so once, instead of a stray word for each of the rest.</summary>
    private static void SkipQuoted(List<Word> words, ref int i, List<Option> options, LineContext line)
    {
        if (options.Count == 0 || options[^1].Argument.Text is not { Length: > 0 } value) return;
        Word argument = options[^1].Argument;
        int open = value.IndexOfAny(['"', '\'']);
        bool opensValue = open == 0 || (open > 0 && value[open - 1] is '=' or '<' or '>' or '&');
        if (!opensValue) return;
        char quote = value[open];
        if (value.IndexOf(quote, open + 1) >= 0)
        {
            line.Report(DiagnosticCatalogue.LiteralQuote, argument, $"the quotes become part of the value {LineContext.Show(value[open..])}",
                "a value without quotes", $"write {value[open..].Trim(quote)}");
            return;
        }

        int close = i + 1;
        while (close < words.Count && !words[close].Text.Contains(quote, StringComparison.Ordinal)) close++;
        if (close >= words.Count) return;
        string inside = string.Join("\\ ", words.GetRange(i + 1, close - i).ConvertAll(w => w.Text).Prepend(value[(open + 1)..]));
        Word whole = argument with { Length = words[close].Start + words[close].Length - argument.Start };
        line.Report(DiagnosticCatalogue.Quote, whole, "the rule language has no quotes: this is split at its spaces", "a backslash before each space",
            $"write {inside.Replace(quote.ToString(), "", StringComparison.Ordinal)}");
        i = close;
    }

    /// <summary>Words that belong together but for a space around an operator or after a comma: say so once, and read them as one.</summary>
    private static void JoinSplit(List<Word> words, ref int i, List<Option> options, LineContext line)
    {
        if (options.Count == 0 || options[^1] is not { Name: "F" or "C" or "a" or "A" or "d" or "S", Argument.Text: { Length: > 0 } } option) return;
        bool field = option.Name is "F" or "C";
        Word whole = option.Argument;
        if (whole.Start + whole.Length != words[i].Start + words[i].Length) return;
        while (i + 1 < words.Count && (field ? GoesOnAtOperator(whole.Text, words[i + 1].Text) : GoesOnAtComma(whole.Text, words[i + 1].Text)))
        {
            Word next = words[++i];
            whole = new Word(whole.Text + next.Text, whole.Start, next.Start + next.Length - whole.Start);
        }

        if (whole == option.Argument) return;
        options[^1] = option with { Argument = whole };
        DiagnosticKind kind = field ? DiagnosticCatalogue.MissingOperator : option.Name == "S" ? DiagnosticCatalogue.StrayWord : DiagnosticCatalogue.BadListAction;
        line.Report(kind, whole, field ? "spaces around the operator split the condition" : "a space at the comma splits the list", "no space",
            $"write -{option.Name} {RuleText.Escape(whole.Text)}");
    }

    private static bool GoesOnAtOperator(string text, string next)
    {
        bool hasOperator = FieldOperators.TryFind(text, out int index, out int length, out _);
        if (!hasOperator) return next[0] is '=' or '!' or '<' or '>' or '&';
        // "-F key= -k x" lacks a value, "-F exit= -EACCES" has one.
        return index > 0 && index + length == text.Length && !LooksLikeOption(next);
    }

    private static bool GoesOnAtComma(string text, string next) => !LooksLikeOption(next) && next[0] != '#' && (text[^1] == ',' || next[0] == ',');

    private static bool IsDash(string text) => text.Length > 1 && text[0] is '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2015' or '\u2212';

    /// <summary>A dash that a word processor or web page made of one or two hyphens; the word as it was meant.</summary>
    private static Word ReportDash(Word word, LineContext line)
    {
        string rest = word.Text[1..].TrimStart('-', '\u2013', '\u2014');
        bool isLong = rest.Length > 2 && Array.Exists(Long, o => o.Name.StartsWith(rest.Split('=')[0], StringComparison.Ordinal));
        string meant = (isLong ? "--" : "-") + rest;
        line.Report(DiagnosticCatalogue.UnknownOption, word, $"{LineContext.Show(word.Text)} starts with a dash, U+{(int)word.Text[0]:X4}, and not with a hyphen",
            "an option that starts with -", $"write {meant}");
        return word with { Text = meant };
    }

    /// <summary>True when nothing after the word is worth a look, because it starts a comment.</summary>
    private static bool ReportStray(Word word, List<Option> options, LineContext line)
    {
        bool comment = word.Text[0] == '#';
        // "-p wa KEY", with the -k forgotten.
        bool key = options.Count > 0 && options[^1].Name == "p" && !options.Exists(o => o.Name == "k");
        line.Report(DiagnosticCatalogue.StrayWord, word,
            comment ? "a comment cannot follow a rule: auditctl refuses the line" : $"{LineContext.Show(word.Text)} belongs to no option",
            "an option that starts with -", comment ? "put the comment on a line of its own"
                : key ? $"did you mean -k {RuleText.Escape(word.Text)}?" : Fix("-" + word.Text));
        return comment;
    }

    private static void ReportMissing(Word word, string name, LineContext line)
    {
        string expected = name switch
        {
            "a" or "A" or "d" => "a list and an action, such as always,exit",
            "F" => "a field, an operator and a value, such as auid>=1000",
            "C" => "two fields, such as uid!=euid",
            "S" => "a system call or all",
            "k" => "a key",
            "p" => "some of r, w, x and a",
            "w" or "W" => "an absolute path",
            _ => "a value",
        };
        line.Report(DiagnosticCatalogue.MissingArgument, word with { Start = word.Start + word.Length, Length = 0 },
            $"{word.Text} needs a value", expected);
    }

    private static string Expected(string text) => text.StartsWith("--", StringComparison.Ordinal) ? "a long option of auditctl(8)"
        : "an option of auditctl(8)";

    /// <summary>What people write for the options there are.</summary>
    private static string? Fix(string text) => text.TrimStart('-') switch
    {
        "append" or "add" => "write -a",
        "delete" => "write -d",
        "field" or "filter" => "write -F",
        "key" => "write -k",
        "syscall" or "s" => "write -S",
        "watch" => "write -w",
        "perm" or "perms" => "write -p",
        "backlog" => "write -b",
        "enable" or "enabled" => "write -e",
        "failure" => "write -f",
        "rate" => "write -r",
        _ => null,
    };
}
