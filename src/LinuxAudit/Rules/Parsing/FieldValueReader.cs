using System.Globalization;
using LinuxAudit.Rules.Tables;

namespace LinuxAudit.Rules.Parsing;

/// <summary>The value of a field, by the field's kind.</summary>
internal sealed class FieldValueReader(LineContext line, FieldInfo info, FieldOperator op)
{
    /// <summary>The condition; null after a diagnostic that makes the whole line wrong.</summary>
    public FieldFilter? Read(Word value) => info.Kind switch
    {
        FieldValueKind.Label => ReadLabel(value),
        FieldValueKind.Path => PathCheck.Check(line, value, info.Field) ? OfText(value.Text) : null,
        FieldValueKind.User => ReadIdentity(value, isUser: true),
        FieldValueKind.Group => ReadIdentity(value, isUser: false),
        FieldValueKind.Session => value.Text == "unset" ? Of(uint.MaxValue) : ReadNumber(value, signed: true),
        FieldValueKind.Exit => ReadExit(value),
        FieldValueKind.Arch => ReadArch(value),
        FieldValueKind.MessageType => ReadNamed(value, AuditTables.MessageTypes, DiagnosticCatalogue.UnknownMessageType, "message type",
            numbers: true),
        FieldValueKind.FilesystemType => ReadNamed(value, AuditTables.FilesystemTypes, DiagnosticCatalogue.UnknownFilesystem, "file system type",
            numbers: true, max: uint.MaxValue - 1),
        FieldValueKind.FileType => ReadNamed(value, AuditTables.FileTypes, DiagnosticCatalogue.UnknownFileType, "file type", numbers: false),
        FieldValueKind.Permissions => ReadPermissions(value),
        FieldValueKind.AddressFamily => ReadNumber(value, signed: false, max: 45),
        FieldValueKind.SignedNumber => ReadNumber(value, signed: true),
        _ => ReadNumber(value, signed: false),
    };

    private FieldFilter Of(uint value) => new(info.Field, op, value);

    private FieldFilter OfText(string text) => new(info.Field, op, 0, text);

    private FieldFilter? ReadNumber(Word value, bool signed, uint max = uint.MaxValue)
    {
        NumberResult result = Numbers.Parse(value.Text, signed, out uint number);
        if (result == NumberResult.Ok && number <= max) return Of(number);
        if (result == NumberResult.NotANumber)
        {
            bool octal = value.Text.Length > 1 && value.Text[0] == '0' && value.Text.All(char.IsAsciiDigit);
            line.Report(DiagnosticCatalogue.NotANumber, value, $"{LineContext.Show(value.Text)} is not a number", FieldAdvice.Expected(info),
                octal ? "a number that starts with 0 is octal: write it without"
                    : FieldAdvice.Number(info, value.Text) is { } known ? $"write {info.Name}{op.Text()}{known}" : null);
        }
        else
        {
            string range = (signed ? "-2147483648" : "0") + " to " + max.ToString(CultureInfo.InvariantCulture);
            line.Report(DiagnosticCatalogue.OutOfRange, value, $"{LineContext.Show(value.Text)} is out of range", range);
        }

        return null;
    }

    private FieldFilter? ReadLabel(Word value)
    {
        if (RuleText.ToBytes(value.Text).Length <= AuditRule.MaxLabelLength) return OfText(value.Text);
        line.Report(DiagnosticCatalogue.OutOfRange, value, $"the value of {info.Name} is too long", "at most 4096 bytes");
        return null;
    }

    /// <summary>A user or group: a number, unset, or a name that is looked up where there is something to look it up in.</summary>
    private FieldFilter? ReadIdentity(Word value, bool isUser)
    {
        string text = value.Text;
        bool numeric = char.IsAsciiDigit(text[0]) || (text.Length > 1 && text[0] == '-' && char.IsAsciiDigit(text[1]));
        if (numeric || (isUser && text == "unset"))
        {
            FieldFilter? filter = numeric ? ReadNumber(value, signed: isUser) : Of(uint.MaxValue);
            if (filter is not { Value: uint.MaxValue }) return filter;
            if (info.Field == RuleField.Auid && op is FieldOperator.Equal or FieldOperator.NotEqual) return filter;
            line.Report(DiagnosticCatalogue.OutOfRange, value, info.Field == RuleField.Auid
                    ? "an unset auid is neither more nor less than another"
                    : $"{LineContext.Show(text)} is no {(isUser ? "user" : "group")}: only auid and sessionid can be unset",
                info.Field == RuleField.Auid ? "= or !=" : FieldAdvice.Expected(info));
            return null;
        }

        if (text == "root") return Of(0);
        if (line.Rules.Identities is not { } identities)
        {
            line.Report(DiagnosticCatalogue.NameNotLookedUp, value,
                $"{(isUser ? "user" : "group")} {LineContext.Show(text)} is looked up on each node");
            return OfText(text);
        }

        if ((isUser ? identities.FindUser(text) : identities.FindGroup(text)) is { } id) return Of(id);
        line.Report(isUser ? DiagnosticCatalogue.UnknownUser : DiagnosticCatalogue.UnknownGroup, value,
            $"the node has no {(isUser ? "user" : "group")} {LineContext.Show(text)}", FieldAdvice.Expected(info),
                "create it on the node, or write its number");
        return OfText(text);
    }

    private FieldFilter? ReadExit(Word value)
    {
        string text = value.Text;
        bool negative = text[0] == '-';
        string name = negative ? text[1..] : text;
        if (name.Length > 0 && char.IsAsciiDigit(name[0])) return ReadNumber(value, signed: true);
        if (AuditTables.Errnos.NumberOf(name) is { } number)
        {
            if (negative) return Of((uint)-number);
            line.Report(DiagnosticCatalogue.PositiveErrno, value, $"a call that fails returns -{name}; {name} is the number {number}, as of a call that succeeds",
                fix: $"did you mean \"-{name}\"?");
            return Of((uint)number);
        }

        string? closest = line.IsQuiet ? null : Suggestion.Closest(name, AuditTables.Errnos.Names);
        line.Report(DiagnosticCatalogue.UnknownErrno, value, $"there is no errno {LineContext.Show(text)}", FieldAdvice.Expected(info),
            closest is null ? null : $"did you mean \"-{closest}\"?");
        return null;
    }

    private FieldFilter? ReadArch(Word value)
    {
        string text = value.Text;
        bool b64 = text.Equals("b64", StringComparison.OrdinalIgnoreCase);
        if (b64 || text.Equals("b32", StringComparison.OrdinalIgnoreCase))
        {
            Machine native = line.Rules.Machine;
            if ((b64 ? native.B64() : native.B32()) is { } machine) return Of((uint)machine);
            line.Report(DiagnosticCatalogue.ArchNotHere, value, $"{native.Name()} has no {(b64 ? 64 : 32)}-bit system calls",
                "an arch of every machine of the cluster");
            return Of(0);
        }

        if ((Machines.Find(text) ?? FromNumber(text)) is { } named) return Of((uint)named);
        string? fix = text.ToLowerInvariant() switch
        {
            "amd64" or "x64" or "x86-64" => "did you mean \"x86_64\"?",
            "arm64" => "did you mean \"aarch64\"?",
            "x86" => "did you mean \"i386\"?",
            "64" => "did you mean \"b64\"?",
            "32" => "did you mean \"b32\"?",
            _ => line.Suggest(text, Machines.AllNames.Append("b32").Append("b64")),
        };
        line.Report(DiagnosticCatalogue.UnknownArch, value, $"there is no arch {LineContext.Show(text)}", FieldAdvice.Expected(info), fix);
        return null;
    }

    private static Machine? FromNumber(string text)
    {
        bool prefixed = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool hex = prefixed || !text.All(char.IsAsciiDigit);
        bool read = uint.TryParse(prefixed ? text[2..] : text, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture,
            out uint number);
        return read && ((Machine)number).IsKnown() ? (Machine)number : null;
    }

    private FieldFilter? ReadNamed(Word value, NameTable table, DiagnosticKind unknown, string what, bool numbers, uint max = uint.MaxValue)
    {
        if (numbers && char.IsAsciiDigit(value.Text[0])) return ReadNumber(value, signed: false, max);
        if (table.NumberOf(value.Text) is { } number) return Of((uint)number);
        line.Report(unknown, value, $"there is no {what} {LineContext.Show(value.Text)}", FieldAdvice.Expected(info),
            IsListOf(table, value.Text) ? "write a rule for each" : line.Suggest(value.Text, table.Names));
        return null;
    }

    private static bool IsListOf(NameTable table, string text) => text.Contains(',') && text.Split(',').All(n => table.NumberOf(n) is not null);

    private FieldFilter? ReadPermissions(Word value)
    {
        FilePermissions permissions = FilePermissions.None;
        for (int i = 0; i < value.Text.Length; i++)
        {
            FilePermissions one = char.ToLowerInvariant(value.Text[i]) switch
            {
                'r' => FilePermissions.Read,
                'w' => FilePermissions.Write,
                'x' => FilePermissions.Execute,
                'a' => FilePermissions.Attribute,
                _ => FilePermissions.None,
            };
            if (one == FilePermissions.None || i == 4)
            {
                line.Report(DiagnosticCatalogue.BadPermissions, value.Part(i, 1),
                    i == 4 ? "more than four permissions" : $"{LineContext.Show(value.Text[i..(i + 1)])} is no permission",
                    "some of r, w, x and a", "write, for example, wa");
                return null;
            }

            permissions |= one;
        }

        return Of((uint)permissions);
    }
}
