using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LinuxAudit.Rules;

namespace EndToEnd.Tests.Rules;

/// <summary>
/// Where <c>auditctl -l</c> of 3.0.9 prints text that does not read back as the rule, ours does. Each quirk turns our text into auditctl's; a text is
/// explained when the quirks together make exactly what auditctl printed.
/// </summary>
internal static class PrintingQuirks
{
    private static readonly (string Name, Func<AuditRule, string, string> Apply)[] Quirks =
    [
        ("io_uring printed as (null)", (rule, text) => rule.List == FilterList.IoUring ? text.Replace("io_uring -S openat", "(null) -S pwrite", StringComparison.Ordinal) : text),
        ("newer message types as numbers", (_, text) => text.Replace("msgtype=DM_CTRL", "msgtype=1338", StringComparison.Ordinal)),
        ("file types as numbers", (_, text) => Regex.Replace(text, @"(-F filetype!?=)(\w+)", m => m.Groups[1].Value + FileType(m.Groups[2].Value))),
        ("large numbers as negative ones", (_, text) => Regex.Replace(text, @"(-F (?:pid|ppid|pers|devmajor|devminor|success|fstype)(?:[!<>]?=|&=?|<|>))(\d+)", m => m.Groups[1].Value + Signed(m.Groups[2].Value))),
        ("exe!= and key!= with =", (_, text) => Regex.Replace(text, "-F (exe|key)!=", "-F $1=")),
        ("system call names of machines without a table", (_, text) => Regex.Replace(text, @"(arch=(?:ppc64|s390x) -S )5\b", "$1open")),
        ("other machines as b64 or b32", (_, text) => Regex.Replace(Regex.Replace(text, @"(-F arch!?=)(aarch64|ppc64|s390x)", "$1b64"), @"(-F arch!?=)arm\b", "$1b32")),
        ("arch first", (_, text) => ArchFirst(text)),
        ("watch form of more than watches", (rule, text) => LooksLikeWatch(rule) ? Watch(text) : text),
        ("spaces and backslashes without escape", (_, text) => Regex.Replace(text, @"\\([ \\])", "$1")),
    ];

    public static IEnumerable<string> Names => Quirks.Select(q => q.Name);

    /// <summary>Whether the quirks explain the text; adds those that took part.</summary>
    public static bool Explain(AuditRule rule, string ours, string printed, HashSet<string> seen)
    {
        string text = ours;
        List<string> used = [];
        foreach ((string name, Func<AuditRule, string, string> apply) in Quirks)
        {
            string next = apply(rule, text);
            if (next != text) used.Add(name);
            text = next;
        }

        if (text != printed) return false;
        seen.UnionWith(used);
        return true;
    }

    private static string FileType(string name) => name switch
    {
        "socket" => "49152",
        "link" => "40960",
        "file" => "32768",
        "block" => "24576",
        "dir" => "16384",
        "character" => "8192",
        "fifo" => "4096",
        _ => name,
    };

    private static string Signed(string number) => ((int)uint.Parse(number, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);

    private static string ArchFirst(string text)
    {
        // Lists without system calls have no -S; then all fields stand in the second group.
        Match shape = Regex.Match(text, text.Contains(" -S ", StringComparison.Ordinal) ? @"^(-a \S+)(.*?)( -S \S+)(.*)$" : @"^(-a \S+)(.*)()()$");
        if (!shape.Success) return text;
        StringBuilder arch = new();
        string before = Regex.Replace(shape.Groups[2].Value, @" -F arch!?=\S+", m =>
        {
            arch.Append(m.Value);
            return "";
        });
        return shape.Groups[1].Value + arch + shape.Groups[3].Value + before + shape.Groups[4].Value;
    }

    private static bool LooksLikeWatch(AuditRule rule) =>
        rule.List == FilterList.Exit && rule.Syscalls.IsAll && rule.Fields.Any(f => f.Field == RuleField.Perm)
        && rule.Fields.All(f => f.Field is RuleField.Path or RuleField.Dir or RuleField.Perm or RuleField.Key);

    private static string Watch(string text)
    {
        string form = Regex.Replace(text, @"^-a \S+ -S all", "");
        form = Regex.Replace(form, @" -F (?:path|dir)=", "-w ");
        form = form.Replace(" -F perm=", " -p ", StringComparison.Ordinal);
        return form.Replace(" -F key=", " -k ", StringComparison.Ordinal);
    }
}
