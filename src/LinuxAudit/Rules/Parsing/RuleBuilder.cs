namespace LinuxAudit.Rules.Parsing;

/// <summary>The parts of one rule, in the order of the line: auditctl lets order matter (arch before -S, a key after what it belongs to).</summary>
internal sealed partial class RuleBuilder(LineContext line, SourceLocation location)
{
    private readonly List<FieldFilter> _fields = [];
    private readonly List<string> _keys = [];
    private readonly HashSet<int> _syscalls = [];
    private bool _allSyscalls;
    private bool _hasSyscalls;
    private bool _isWatch;
    private bool _tooManySaid;
    private Word? _firstKeyField;
    private Word _start;
    private RuleOperation? _operation;
    private FilterList? _list;
    private RuleAction _action = RuleAction.Always;

    /// <summary>The list of the rule, wherever in the line -a stands: <c>-S open -a always,exit</c> is one way to write it.</summary>
    private FilterList? _listOfLine;

    private int FieldCount => _fields.Count + (_keys.Count > 0 ? 1 : 0);

    /// <summary>Looks ahead for the list.</summary>
    public void FindList(List<Option> options)
    {
        foreach (Option option in options)
            if (option.Name is "a" or "A" or "d" && _listOfLine is null
                && ListAction.TryParse(option.Argument.Text, out FilterList list, out _)) _listOfLine = list;
    }

    /// <summary>Whether the option is part of a rule; -k is not when it follows -l.</summary>
    public bool Takes(Option option, List<Option> all) =>
        option.Name is "a" or "A" or "d" or "w" or "W" or "S" or "F" or "C" or "p" || (option.Name == "k" && !all.Exists(o => o.Name == "l"));

    public void Read(Option option)
    {
        switch (option.Name)
        {
            case "a": Start(option, RuleOperation.Append); break;
            case "A": Start(option, RuleOperation.Prepend); break;
            case "d": Start(option, RuleOperation.Delete); break;
            case "w": StartWatch(option, RuleOperation.Append); break;
            case "W": StartWatch(option, RuleOperation.Delete); break;
            case "S": AddSyscalls(option.Argument); break;
            case "F": AddField(option.Argument); break;
            case "C": AddComparison(option.Argument); break;
            case "p": SetPermissions(option); break;
            default: AddKeyOption(option.Argument); break;
        }
    }

    /// <summary>The rule, after all options; null when the line has none, or is wrong.</summary>
    public RuleDirective? Build()
    {
        if (_operation is not { } operation || _list is not { } list || line.HasErrors) return null;
        if (_firstKeyField is { } key && !CanHaveKey)
        {
            ReportKeyTooEarly(key, "-F key=", "anywhere in the rule");
            return null;
        }

        if (_keys.Count > 0) _fields.Add(new FieldFilter(RuleField.Key, FieldOperator.Equal, 0, string.Join(AuditRule.KeySeparator, _keys)));
        SyscallSet syscalls = list == FilterList.Task ? SyscallSet.None
            : _allSyscalls || !_hasSyscalls ? SyscallSet.All
            : SyscallSet.Of(_syscalls);
        AuditRule rule = new(list, _action, syscalls, _fields);
        CheckPaths(rule);
        bool usable = !line.HasNodeErrors && rule.IsResolved;
        return new RuleDirective(location, line.Text, operation, rule) { IsWatch = _isWatch, IsUsable = usable };
    }

    private void Start(Option option, RuleOperation operation)
    {
        if (!Begin(option, operation)) return;
        if (ListAction.TryParse(option.Argument.Text, out FilterList list, out RuleAction action)) (_list, _action) = (list, action);
        else _list = ListAction.Report(line, option.Argument);
    }

    private bool Begin(Option option, RuleOperation operation)
    {
        if (_operation is not null)
        {
            line.Report(DiagnosticCatalogue.SecondRule, option.At, "a line can have one of -a, -A, -d, -w and -W",
                fix: "put the second rule on a line of its own");
            return false;
        }

        (_operation, _start) = (operation, option.At);
        return true;
    }

    private void AddSyscalls(Word argument)
    {
        FilterList? list = _list ?? _listOfLine;
        if (list is null)
        {
            ReportNoList(argument with { Length = Math.Max(1, argument.Length) }, "-S");
            return;
        }

        if (list is not (FilterList.Exit or FilterList.IoUring))
        {
            line.Report(DiagnosticCatalogue.SyscallsNotOnList, argument, $"the {RulePrinter.Name(list.Value)} list has no system calls",
                "-S on the exit list only", "delete the -S");
            return;
        }

        _hasSyscalls = true;
        new SyscallReader(line, list.Value, _fields).Read(argument, _syscalls, ref _allSyscalls);
    }

    private void AddField(Word argument)
    {
        if (_list is null)
        {
            ReportNoList(argument, "-F");
            return;
        }

        if (!TrySplit(argument, "-F", out Word name, out FieldOperator op, out Word value)) return;
        if (FieldInfo.Find(name.Text) is not { } info)
        {
            bool comparison = name.Text.Equals("field_compare", StringComparison.OrdinalIgnoreCase);
            line.Report(DiagnosticCatalogue.UnknownField, name, $"there is no field {LineContext.Show(name.Text)}", "a field of auditctl(8)",
                comparison ? "write -C" : FieldAdvice.For(name.Text) ?? line.Suggest(name.Text, FieldInfo.All.Select(f => f.Name)));
            return;
        }

        if (info.Field == RuleField.Key && op == FieldOperator.Equal && value.Text.Length == 0)
        {
            ReportEmptyKey(value);
            return;
        }

        if (!CheckField(info, name, op, argument)) return;
        if (info.Field == RuleField.Key)
        {
            _firstKeyField ??= argument;
            AddKey(value);
            return;
        }

        if (value.Text.Length == 0)
        {
            line.Report(DiagnosticCatalogue.MissingValue, value, $"{info.Name}{op.Text()} has no value", FieldAdvice.Expected(info));
            return;
        }

        if (info.Field == RuleField.Arch && (_hasSyscalls || _isWatch))
        {
            line.Report(DiagnosticCatalogue.ArchAfterSyscall, argument,
                _isWatch ? "a watch is for all system calls" : "arch has to stand before the system calls it is for",
                fix: _isWatch ? "write -a always,exit -F path=" : $"move -F {argument.Text} in front of the first -S");
            return;
        }

        if (new FieldValueReader(line, info, op).Read(value) is { } filter) Add(filter, argument);
    }

    private void AddComparison(Word argument)
    {
        if (_list is null)
        {
            ReportNoList(argument, "-C");
            return;
        }

        if (!TrySplit(argument, "-C", out Word left, out FieldOperator op, out Word right)) return;
        if (!CheckField(FieldInfo.Comparison, argument, op, argument)) return;
        if (right.Text.Length == 0)
        {
            line.Report(DiagnosticCatalogue.MissingValue, right, $"-C {argument.Text} compares with nothing", "a second field");
            return;
        }

        if (FindCompared(left) is not { } first || FindCompared(right) is not { } second) return;
        if (FieldComparison.Find(first.Field, second.Field) is { } number) Add(new FieldFilter(RuleField.FieldCompare, op, number), argument);
        else line.Report(DiagnosticCatalogue.BadComparison, argument, $"{first.Name} cannot be compared with {second.Name}",
            "two different fields of auid, uid, euid, suid, fsuid and obj_uid, or of gid, egid, sgid, fsgid and obj_gid");
    }

    private FieldInfo? FindCompared(Word name)
    {
        FieldInfo? info = FieldInfo.Find(name.Text);
        if (info is null)
        {
            line.Report(DiagnosticCatalogue.UnknownField, name, $"there is no field {LineContext.Show(name.Text)}", "a user or group field",
                line.Suggest(name.Text, FieldInfo.All.Where(f => f.Kind is FieldValueKind.User or FieldValueKind.Group).Select(f => f.Name)));
        }

        return info;
    }

    /// <summary>Field, operator and value of a text such as <c>auid&gt;=1000</c>.</summary>
    private bool TrySplit(Word argument, string option, out Word name, out FieldOperator op, out Word value)
    {
        bool found = FieldOperators.TryFind(argument.Text, out int index, out int length, out op);
        name = found ? argument.Part(0, index) : argument;
        value = found ? argument.From(index + length) : default;
        if (!found)
        {
            bool known = FieldInfo.Find(argument.Text) is not null;
            line.Report(DiagnosticCatalogue.MissingOperator, argument, $"{option} {LineContext.Show(argument.Text)} has no operator",
                "a field, then one of = != < <= > >= & &=, then a value, without spaces", known ? $"write {argument.Text}=VALUE" : null);
        }
        else if (index == 0)
        {
            line.Report(DiagnosticCatalogue.UnknownField, argument, $"{option} {LineContext.Show(argument.Text)} has no field before the operator",
                "a field of auditctl(8)");
        }

        return found && index > 0;
    }

    private bool CheckField(FieldInfo info, Word name, FieldOperator op, Word whole)
    {
        if (!info.IsAllowedOn(_list!.Value))
        {
            string shown = info.Field == RuleField.FieldCompare ? "-C" : info.Name;
            line.Report(DiagnosticCatalogue.FieldNotOnList, name, $"{shown} cannot be used on the {RulePrinter.Name(_list.Value)} list",
                "the list " + FieldAdvice.Lists(info));
            return false;
        }

        if (!info.Allows(op))
        {
            line.Report(DiagnosticCatalogue.BadOperator, whole, $"{info.Name} cannot be compared with {op.Text()}",
                "one of " + FieldAdvice.Operators(info),
                op is FieldOperator.BitTest or FieldOperator.BitMask ? null
                    : $"write {whole.Text.Replace(op.Text(), "=", StringComparison.Ordinal)}");
            return false;
        }

        return true;
    }

    private void Add(FieldFilter filter, Word at)
    {
        if (!HasRoom(at) || !CheckClash(filter, at)) return;
        _fields.Add(filter);
    }

    private bool HasRoom(Word at)
    {
        if (FieldCount < AuditRule.MaxFields) return true;
        if (!_tooManySaid) line.Report(DiagnosticCatalogue.TooManyFields, at, "this is field 64 of the rule",
            "at most 63 fields, keys counted as one", "split the rule in two");
        _tooManySaid = true;
        return false;
    }

    private bool CheckClash(FieldFilter filter, Word at)
    {
        bool Is(RuleField field) => filter.Field == field;
        FieldFilter? other = Is(RuleField.Exe) ? _fields.Find(f => f.Field == RuleField.Exe)
            : Is(RuleField.Path) || Is(RuleField.Dir) || Is(RuleField.Inode)
                ? _fields.Find(f => f.Field is RuleField.Path or RuleField.Dir or RuleField.Inode)
            : null;
        if (other is null) return true;
        string name = FieldInfo.Find(filter.Field)!.Name;
        line.Report(DiagnosticCatalogue.FieldsClash, at, $"the rule has {FieldInfo.Find(other.Field)!.Name} already: the kernel takes one of them",
            Is(RuleField.Exe) ? "one exe field" : "one of path, dir and inode", $"put {name} into a rule of its own");
        return false;
    }

    private void ReportNoList(Word at, string option) =>
        line.Report(DiagnosticCatalogue.NoList, at, $"{option} stands before the list and action of its rule", "-a ACTION,LIST first",
            "start the line with -a always,exit");
}
