namespace LinuxAudit.Rules.Parsing;

/// <summary>The options of a line to directives.</summary>
internal sealed class LineInterpreter(LineContext line, SourceLocation location)
{
    public void Interpret(List<Option> options, List<Directive> directives)
    {
        List<Directive> found = [];
        if (options.Exists(o => o.Name == "D"))
        {
            ReadDeleteAll(options, found);
        }
        else
        {
            ControlReader control = new(line, location);
            RuleBuilder rule = new(line, location);
            rule.FindList(options);
            foreach (Option option in options)
            {
                if (rule.Takes(option, options)) rule.Read(option);
                else control.Read(option, options, found);
            }

            if (rule.Build() is { } directive) found.Add(directive);
        }

        if (!line.HasErrors) directives.AddRange(found);
    }

    private void ReadDeleteAll(List<Option> options, List<Directive> found)
    {
        string? key = null;
        for (int i = 0; i < options.Count; i++)
        {
            Option option = options[i];
            if (option.Name == "D" && i == 0 && option.At.Text == "-D") continue;
            if (option.Name == "k" && i == 1 && options.Count == 2)
            {
                key = option.Argument.Text;
                continue;
            }

            line.Report(DiagnosticCatalogue.BadDeleteAll, option.At, $"{LineContext.Show(option.At.Text)} cannot stand with -D",
                "-D alone, or -D -k KEY",
                "put it on a line of its own");
            return;
        }

        found.Add(new DeleteAllDirective(location, line.Text, key));
    }
}
