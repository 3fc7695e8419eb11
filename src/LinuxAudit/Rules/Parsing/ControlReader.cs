using System.Globalization;

namespace LinuxAudit.Rules.Parsing;

/// <summary>Control settings: everything that is not part of a rule.</summary>
internal sealed class ControlReader(LineContext line, SourceLocation location)
{
    private static readonly string[] Signals = ["TERM", "HUP", "USR1", "USR2", "CONT"];

    public void Read(Option option, List<Option> all, List<Directive> found)
    {
        switch (option.Name)
        {
            case "e": AddOneOf(ControlSetting.Enabled, option, "0 (off), 1 (on) or 2 (on, locked until reboot)", found); break;
            case "f": AddOneOf(ControlSetting.Failure, option, "0 (silent), 1 (printk) or 2 (panic)", found); break;
            case "r": AddNumber(ControlSetting.RateLimit, option, "messages per second, 0 for no limit", found); break;
            case "b": AddNumber(ControlSetting.BacklogLimit, option, "a number of records", found); break;
            case "backlog_wait_time": AddNumber(ControlSetting.BacklogWaitTime, option, "a number of clock ticks", found); break;
            case "q": AddMakeEquivalent(option, found); break;
            case "signal": AddSignal(option, found); break;
            case "m": Add(ControlSetting.Message, found, argument: option.Argument.Text); break;
            case "i": Add(ControlSetting.IgnoreErrors, found); break;
            case "c": Add(ControlSetting.ContinueOnErrors, found); break;
            case "s": Add(ControlSetting.ShowStatus, found); break;
            case "l": Add(ControlSetting.ListRules, found); break;
            case "v": Add(ControlSetting.ShowVersion, found); break;
            case "t": Add(ControlSetting.TrimSubtrees, found); break;
            case "k" when all.Exists(o => o.Name == "l"): break;
            case "loginuid-immutable": Add(ControlSetting.LoginuidImmutable, found); break;
            case "reset-lost": Add(ControlSetting.ResetLost, found); break;
            case "reset_backlog_wait_time_actual": Add(ControlSetting.ResetBacklogWaitTimeActual, found); break;
            default:
                line.Report(DiagnosticCatalogue.NotInFile, option.At, $"{option.At.Text} is for the command line", "a rule or a setting",
                    "delete the line");
                break;
        }
    }

    private void Add(ControlSetting setting, List<Directive> found, uint value = 0, string? argument = null) =>
        found.Add(new ControlDirective(location, line.Text, setting, value, argument));

    private void AddOneOf(ControlSetting setting, Option option, string expected, List<Directive> found)
    {
        string text = option.Argument.Text;
        if (text is "0" or "1" or "2") Add(setting, found, (uint)(text[0] - '0'));
        else line.Report(DiagnosticCatalogue.BadSetting, option.Argument, $"-{option.Name} does not take {LineContext.Show(text)}", expected);
    }

    private void AddNumber(ControlSetting setting, Option option, string expected, List<Directive> found)
    {
        string text = option.Argument.Text;
        switch (Numbers.Parse(text, signed: false, out uint value))
        {
            case NumberResult.Ok: Add(setting, found, value); break;
            case NumberResult.OutOfRange:
                line.Report(DiagnosticCatalogue.OutOfRange, option.Argument, $"{LineContext.Show(text)} is out of range", "0 to 4294967295");
                break;
            default:
                line.Report(DiagnosticCatalogue.BadSetting, option.Argument, $"{option.At.Text} does not take {LineContext.Show(text)}", expected);
                break;
        }
    }

    private void AddMakeEquivalent(Option option, List<Directive> found)
    {
        string[] parts = option.Argument.Text.Split(',', 2);
        if (parts is [['/', ..], ['/', ..]]) Add(ControlSetting.MakeEquivalent, found, argument: option.Argument.Text);
        else line.Report(DiagnosticCatalogue.BadSetting, option.Argument, $"-q does not take {LineContext.Show(option.Argument.Text)}",
            "MOUNT-POINT,SUBTREE, both absolute paths");
    }

    private void AddSignal(Option option, List<Directive> found)
    {
        string name = option.Argument.Text.ToUpper(CultureInfo.InvariantCulture);
        if (Signals.Contains(name)) Add(ControlSetting.Signal, found, argument: name);
        else line.Report(DiagnosticCatalogue.BadSetting, option.Argument, $"--signal does not take {LineContext.Show(option.Argument.Text)}",
            "TERM, HUP, USR1, USR2 or CONT", line.Suggest(name, Signals));
    }
}
