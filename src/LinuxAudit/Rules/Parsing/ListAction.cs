namespace LinuxAudit.Rules.Parsing;

/// <summary>The argument of -a, -A and -d: a list and an action in either order.</summary>
internal static class ListAction
{
    private static readonly string[] Words = ["task", "exit", "user", "exclude", "filesystem", "io_uring", "always", "never"];

    public static bool TryParse(string text, out FilterList list, out RuleAction action)
    {
        (list, action) = (default, default);
        string[] parts = text.Split(',');
        return parts.Length == 2
            && ((TryList(parts[0], out list) && TryAction(parts[1], out action)) || (TryList(parts[1], out list) && TryAction(parts[0], out action)));
    }

    /// <summary>Says what is wrong; returns the list that is probably meant, so that the rest of the line can be checked.</summary>
    public static FilterList Report(LineContext line, Word argument)
    {
        const string Expected = "ACTION,LIST: always or never, and task, exit, user, exclude, filesystem or io_uring";
        string[] parts = argument.Text.Split(',');
        FilterList guess = FilterList.Exit;
        foreach (string part in parts)
        {
            if (!TryList(part, out FilterList list) && (line.IsQuiet || !TryList(Suggestion.Closest(part, Words) ?? "", out list))) continue;
            guess = list;
            break;
        }

        int bad = Array.FindIndex(parts, p => !Words.Contains(p));
        if (parts.Length != 2 || bad < 0)
        {
            line.Report(DiagnosticCatalogue.BadListAction, argument, $"{LineContext.Show(argument.Text)} is not an action and a list", Expected,
                parts is ["always" or "never"] ? $"write {parts[0]},exit" : null);
            return guess;
        }

        string word = parts[bad];
        Word at = argument.Part(bad == 0 ? 0 : parts[0].Length + 1, word.Length);
        string? fix = word switch
        {
            "entry" => "write exit: the entry list is gone since Linux 2.6.38",
            "possible" => "write always: possible is gone since Linux 2.6.38",
            "watch" => "write exit",
            "uring" => "write io_uring",
            _ => line.Suggest(word, Words),
        };
        line.Report(DiagnosticCatalogue.BadListAction, at, $"{LineContext.Show(word)} is neither a list nor an action", Expected, fix);
        return guess;
    }

    private static bool TryAction(string text, out RuleAction action)
    {
        action = text == "always" ? RuleAction.Always : RuleAction.Never;
        return text is "always" or "never";
    }

    private static bool TryList(string text, out FilterList list)
    {
        FilterList? found = text switch
        {
            "task" => FilterList.Task,
            "exit" => FilterList.Exit,
            "user" => FilterList.User,
            "exclude" => FilterList.Exclude,
            "filesystem" => FilterList.Filesystem,
            "io_uring" => FilterList.IoUring,
            _ => null,
        };
        list = found ?? default;
        return found is not null;
    }
}
