namespace LinuxAudit.Rules.Parsing;

/// <content>Watches, permissions, keys and paths.</content>
internal sealed partial class RuleBuilder
{
    private void StartWatch(Option option, RuleOperation operation)
    {
        if (!Begin(option, operation)) return;
        (_list, _isWatch, _allSyscalls) = (FilterList.Exit, true, true);
        Word path = option.Argument;
        if (!PathCheck.Check(line, path, RuleField.Dir)) return;
        if (path.Text.AsSpan().IndexOfAny('*', '?', '[') is >= 0 and int wildcard)
        {
            line.Report(DiagnosticCatalogue.Wildcard, path.Part(wildcard, 1),
                "the kernel knows no wildcards: this watches a file of exactly this name",
                "a path", "watch the directory instead");
        }

        string text = path.Text.TrimEnd('/');
        if (text.Length == 0) text = "/";
        bool isDirectory = line.Rules.Paths is { } paths ? paths.Find(text) == PathKind.Directory : path.Text.EndsWith('/');
        if (!isDirectory && !PathCheck.Check(line, path with { Text = text }, RuleField.Path)) return;
        _fields.Add(new FieldFilter(isDirectory ? RuleField.Dir : RuleField.Path, FieldOperator.Equal, 0, text));
        _fields.Add(new FieldFilter(RuleField.Perm, FieldOperator.Equal, 15));
    }

    private void SetPermissions(Option option)
    {
        if (_operation is null)
        {
            line.Report(DiagnosticCatalogue.NoList, option.At, "-p stands before the watch it is for", "-w PATH first");
            return;
        }

        if (_fields.Count == 0 && !line.HasErrors)
        {
            line.Report(DiagnosticCatalogue.NoList, option.At, "-p stands before the path it is for", "-F path= or -F dir= first");
            return;
        }

        FieldInfo info = FieldInfo.Find(RuleField.Perm)!;
        if (_list is not null && !CheckField(info, option.At, FieldOperator.Equal, option.At)) return;
        if (new FieldValueReader(line, info, FieldOperator.Equal).Read(option.Argument) is not { } filter) return;
        int existing = _fields.FindIndex(f => f.Field == RuleField.Perm);
        if (existing >= 0) _fields[existing] = filter;
        else Add(filter, option.Argument);
    }

    /// <summary>Whether the rule has, so far, something auditctl lets a key belong to.</summary>
    private bool CanHaveKey =>
        _hasSyscalls || _isWatch
            || _fields.Exists(f => f.Field is RuleField.Path or RuleField.Dir or RuleField.Perm or RuleField.Exe or RuleField.FsType);

    /// <summary>-k wants what it belongs to before it, -F key= anywhere in the rule.</summary>
    private void AddKeyOption(Word value)
    {
        if (value.Text.Length == 0) ReportEmptyKey(value);
        // After an error the part a key belongs to may just be missing from our list.
        else if (!CanHaveKey && !line.HasErrors) ReportKeyTooEarly(value, "-k", "before it");
        else if (_list is null || CheckField(FieldInfo.Find(RuleField.Key)!, value, FieldOperator.Equal, value)) AddKey(value);
    }

    private void AddKey(Word value)
    {
        int length = _keys.Append(value.Text).Sum(k => RuleText.ToBytes(k).Length + 1) - 1;
        if (length <= AuditRule.MaxKeyLength)
        {
            if (_keys.Count > 0 || HasRoom(value)) _keys.Add(value.Text);
            return;
        }

        line.Report(DiagnosticCatalogue.KeyTooLong, value, $"the keys of the rule have {length} bytes",
            "at most 256 bytes, one more between two keys", "use a shorter key");
    }

    private void ReportEmptyKey(Word value) =>
        line.Report(DiagnosticCatalogue.EmptyKey, value, "the key is empty: the rule gets no key", "a word", "write a key, or leave it out");

    private void ReportKeyTooEarly(Word at, string name, string where) =>
        line.Report(DiagnosticCatalogue.KeyTooEarly, at, $"{name} has nothing it can belong to",
            $"-S, or a path, dir, exe, perm or fstype field, {where}",
            _list == FilterList.Exit ? "write -S all before it" : "leave out the key");

    /// <summary>What the kernel will look for on the node.</summary>
    private void CheckPaths(AuditRule rule)
    {
        if (line.Rules.Paths is not { } paths) return;
        foreach (FieldFilter field in rule.Fields)
        {
            if (field.Text is not { } path || field.Field is not (RuleField.Path or RuleField.Dir or RuleField.Exe)) continue;
            bool wantsPath = field.Field == RuleField.Dir;
            string looked = wantsPath ? path : path.LastIndexOf('/') is > 0 and int slash ? path[..slash] : "/";
            PathKind kind = paths.Find(looked);
            if (kind == PathKind.Directory || (wantsPath && kind != PathKind.Missing)) continue;
            line.Report(DiagnosticCatalogue.NoParent, _start,
                looked == path ? $"the node has no directory {LineContext.Show(path)}, which the kernel wants for this rule"
                    : $"the node has no directory {LineContext.Show(looked)}, which the kernel wants for {LineContext.Show(path)}",
                "a path whose directory exists when the rule is loaded", "make the directory, or leave the rule out on such nodes");
        }
    }
}
