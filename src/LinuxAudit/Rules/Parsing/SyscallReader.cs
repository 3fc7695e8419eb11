using LinuxAudit.Rules.Tables;

namespace LinuxAudit.Rules.Parsing;

/// <summary>The argument of -S: names, numbers or all, with commas between.</summary>
internal sealed class SyscallReader(LineContext line, FilterList list, List<FieldFilter> fields)
{
    private static readonly Machine[] KnownMachines = [Machine.X86_64, Machine.I386, Machine.Aarch64, Machine.Arm];

    private readonly FieldFilter? _arch = fields.FindLast(f => f.Field == RuleField.Arch);

    private Machine Machine => _arch is null ? line.Rules.Machine : (Machine)_arch.Value;

    public void Read(Word argument, HashSet<int> numbers, ref bool all)
    {
        int start = 0;
        bool any = false;
        foreach (string part in argument.Text.Split(','))
        {
            Word word = argument.Part(start, part.Length);
            start += part.Length + 1;
            if (part.Length == 0) continue;
            any = true;
            if (part == "all") all = true;
            else if (Find(word) is { } number) numbers.Add(number);
        }

        if (!any) ReportUnknown(argument, null);
    }

    private int? Find(Word word)
    {
        bool uring = list == FilterList.IoUring;
        NameTable? table = uring ? AuditTables.UringOperations : AuditTables.Syscalls(Machine);
        if (table?.NumberOf(word.Text) is { } number) return number;
        switch (Numbers.Parse(word.Text, signed: false, out uint value))
        {
            case NumberResult.Ok when value < SyscallSet.Limit:
                return (int)value;
            case NumberResult.Ok or NumberResult.OutOfRange:
                line.Report(DiagnosticCatalogue.OutOfRange, word, $"{LineContext.Show(word.Text)} is no system call number", "0 to 2031");
                return null;
        }

        if (!uring && table is not null && IsElsewhere(word.Text)) ReportNotHere(word);
        else ReportUnknown(word, table);
        return null;
    }

    /// <summary>Whether the same line would load on another node: the name is known to a machine that this line's arch could mean.</summary>
    private bool IsElsewhere(string name)
    {
        // A machine named in the rule is the same everywhere; b32 and b64 are not.
        bool byName = _arch is not null && Machine != line.Rules.Machine.B64() && Machine != line.Rules.Machine.B32();
        return !byName && KnownMachines.Any(m => m != Machine && m.Is64Bit() == Machine.Is64Bit() && m.SyscallNumber(name) is not null);
    }

    private static string[] MachinesWith(string syscall) =>
        Array.ConvertAll(Array.FindAll(KnownMachines, m => m.SyscallNumber(syscall) is not null), m => m.Name());

    private void ReportNotHere(Word word)
    {
        if (line.IsQuiet) return;
        string others = string.Join(" and ", MachinesWith(word.Text));
        line.Report(DiagnosticCatalogue.SyscallNotHere, word, $"{Machine.Name()} has no system call {LineContext.Show(word.Text)}, only {others}",
            "a system call of every machine of the cluster", "put it into a file for the other machines");
    }

    private void ReportUnknown(Word word, NameTable? table)
    {
        if (table is null && word.Text.Trim(',').Length > 0)
        {
            line.Report(DiagnosticCatalogue.UnknownSyscall, word, $"the system call names of {Machine.Name()} are not known here", "a number");
            return;
        }

        string kind = list == FilterList.IoUring ? "io_uring operation" : $"system call on {Machine.Name()}";
        string? elsewhere = line.IsQuiet ? null : MachinesWith(word.Text).FirstOrDefault();
        line.Report(DiagnosticCatalogue.UnknownSyscall, word, $"there is no {kind} {LineContext.Show(word.Text)}", "a name, a number or all",
            elsewhere is not null && list == FilterList.Exit ? $"only {elsewhere} has it: set arch to that, or leave it out"
            : table is null ? null : line.Suggest(word.Text, table.Names.Append("all")));
    }
}
