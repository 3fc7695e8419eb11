namespace LinuxAudit.Rules.Parsing;

/// <summary>Which paths the kernel takes, whatever there is on the node: <c>audit_to_watch</c> and <c>audit_make_tree</c> of Linux 6.18 refuse the
/// others.</summary>
internal static class PathCheck
{
    /// <summary>Reports what is wrong with the path; true when nothing is. A directory may end with a slash, path and exe name a file.</summary>
    public static bool Check(LineContext line, Word path, RuleField field)
    {
        string text = path.Text;
        if (!text.StartsWith('/'))
        {
            line.Report(DiagnosticCatalogue.BadPath, path, $"{LineContext.Show(text)} is not absolute", field == RuleField.Exe ? "the full path of the program" : "a path that starts with /",
                text.Contains('/', StringComparison.Ordinal) && text[0] is not ('.' or '~') ? $"write /{text}" : null);
            return false;
        }

        if (RuleText.ToBytes(text) is { Length: > AuditRule.MaxPathLength } bytes)
        {
            line.Report(DiagnosticCatalogue.PathTooLong, path, $"the path has {bytes.Length} bytes", "at most 4095 bytes");
            return false;
        }

        foreach (string part in text.Split('/'))
        {
            if (part.Length <= 85 || RuleText.ToBytes(part).Length is not (> 255 and int length)) continue;
            line.Report(DiagnosticCatalogue.PathTooLong, path, $"a part of the path has {length} bytes", "at most 255 bytes between two slashes");
            return false;
        }

        if (field == RuleField.Dir) return true;
        string last = text[(text.LastIndexOf('/') + 1)..];
        if (last.Length > 0 && last is not ("." or "..")) return true;
        line.Report(DiagnosticCatalogue.BadPath, path, $"{LineContext.Show(text)} does not end with the name of a file",
            "a path whose last part is a name",
            field == RuleField.Path ? "use dir= for a directory" : null);
        return false;
    }
}
