using LinuxAudit.Rules;

namespace LinuxAudit.Plugins;

/// <summary>Every diagnostic about plugin files and auditd.conf. docs/check.md says of each how to mend it.</summary>
public static class PluginDiagnostics
{
    internal static readonly DiagnosticKind LineTooLong = Error("AUD100", "A line longer than auditd reads.");
    internal static readonly DiagnosticKind MissingEquals = Error("AUD101", "A line that is not \"key = value\", with a space on both sides of the equals sign.");
    internal static readonly DiagnosticKind UnknownKey = Error("AUD102", "There is no such key.");
    internal static readonly DiagnosticKind MissingValue = Error("AUD103", "A key without a value.");
    internal static readonly DiagnosticKind BadValue = Error("AUD104", "The value is not one this key takes.");
    internal static readonly DiagnosticKind TooManyValues = Error("AUD105", "More values than the key takes.");
    internal static readonly DiagnosticKind NoPath = Error("AUD106", "The plugin is active and names no program.");
    internal static readonly DiagnosticKind BadPath = Error("AUD107", "The path is not one auditd takes.");
    internal static readonly DiagnosticKind SecondKey = Warning("AUD108", "A key that stands twice; the last one counts.");
    internal static readonly DiagnosticKind ControlCharacter = Error("AUD109", "A tab, a carriage return or another control character; only spaces separate words.");
    internal static readonly DiagnosticKind Obsolete = Warning("AUD110", "A value that auditd takes for another, newer one.");
    internal static readonly DiagnosticKind NoFinalNewline = Warning("AUD111", "The last line has no end; auditd passes over it.");
    internal static readonly DiagnosticKind BackupName = Warning("AUD112", "A file name that auditd takes for a backup copy's.");
    internal static readonly DiagnosticKind NotTogether = Error("AUD113", "Values of auditd.conf that do not fit together.");
    internal static readonly DiagnosticKind NewerKey = Warning("AUD114", "A key of auditd.conf that not every auditd knows.");

    internal static readonly DiagnosticKind CutsRecords = Warning("AUD115", "A value of auditd.conf with which some versions of auditd cut events.");

    /// <summary>Every kind, by code.</summary>
    public static IReadOnlyList<DiagnosticKind> All { get; } =
    [
        LineTooLong, MissingEquals, UnknownKey, MissingValue, BadValue, TooManyValues, NoPath, BadPath, SecondKey, ControlCharacter, Obsolete,
        NoFinalNewline, BackupName, NotTogether, NewerKey, CutsRecords,
    ];

    private static DiagnosticKind Error(string code, string title) => new(code, DiagnosticSeverity.Error, DiagnosticScope.Source, title);

    private static DiagnosticKind Warning(string code, string title) => new(code, DiagnosticSeverity.Warning, DiagnosticScope.Source, title);
}
