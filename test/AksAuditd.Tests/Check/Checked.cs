using System.Text;
using AksAuditd.Check;
using LinuxAudit.Rules;

namespace AksAuditd.Tests.Check;

/// <summary>A check of one text, and what it said.</summary>
internal static class Checked
{
    public static InputSet Yaml(string text) => Yaml(Encoding.UTF8.GetBytes(text));

    public static InputSet Yaml(byte[] bytes)
    {
        InputSet set = new();
        TextFile file = new("cm.yaml", bytes);
        set.Files.Add(file);
        ConfigMapReader.Read(file, set);
        return set;
    }

    public static InputSet Rules(string text)
    {
        TextFile file = new("a.rules", Encoding.UTF8.GetBytes(text));
        InputGroup group = new() { Inputs = { new("a.rules", InputKind.Rules, file.Bytes, file, null) } };
        return new() { Files = { file }, Groups = { group } };
    }

    public static CheckResult Run(InputSet set, bool strict = false, params Machine[] machines) =>
        PolicyChecker.Check(set, new CheckOptions { Machines = machines.Length == 0 ? [Machine.X86_64] : machines, WarningsAsErrors = strict });

    /// <summary>Errors as <c>line:column+length CODE</c>.</summary>
    public static string[] Errors(CheckResult result) =>
    [
        .. result.Findings.Select(f => f.Diagnostic).Where(d => d.Severity == DiagnosticSeverity.Error)
            .Select(d => $"{d.Location.Line}:{d.Location.Column}+{d.Location.Length} {d.Code}"),
    ];
}
