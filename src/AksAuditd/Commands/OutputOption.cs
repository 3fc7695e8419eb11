using System.CommandLine;

namespace AksAuditd.Commands;

/// <summary><c>--output text|json</c>.</summary>
internal static class OutputOption
{
    /// <summary>The option, with the forms that a command knows.</summary>
    public static Option<string> Create(params string[] forms)
    {
        Option<string> option = new("--output", "-o") { Description = $"{string.Join(" or ", forms)} (default: {forms[0]})", DefaultValueFactory = _ => forms[0] };
        option.AcceptOnlyFromAmong(forms);
        return option;
    }
}
