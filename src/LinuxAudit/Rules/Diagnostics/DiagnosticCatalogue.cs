namespace LinuxAudit.Rules;

/// <summary>Every diagnostic there is. docs/rules.md says of each how to mend it.</summary>
public static class DiagnosticCatalogue
{
    // Lines and words.
    internal static readonly DiagnosticKind StrayWord = Error("AUD001", "A word that belongs to no option.");
    internal static readonly DiagnosticKind UnknownOption = Error("AUD002", "There is no such option.");
    internal static readonly DiagnosticKind MissingArgument = Error("AUD003", "An option that needs a value stands without one.");
    internal static readonly DiagnosticKind NulByte = Error("AUD004",
        "A NUL byte in a line; auditctl would drop the rest of the line without a word.");
    internal static readonly DiagnosticKind ControlCharacter = Error("AUD005", "A tab or another control character; only spaces separate words.");
    internal static readonly DiagnosticKind Quote = Error("AUD006", "A value in quotes; the rule language has none.");
    internal static readonly DiagnosticKind LineTooLong = Error("AUD007", "A line longer than auditctl reads.");
    internal static readonly DiagnosticKind NotInFile = Error("AUD008", "An option that makes no sense in a rules file.");
    internal static readonly DiagnosticKind InvalidUtf8 = Warning("AUD009", "Bytes that are not valid UTF-8.");
    internal static readonly DiagnosticKind CarriageReturn = Warning("AUD010",
        "Lines end with CR LF; auditctl would take the CR for a part of the last word.");
    internal static readonly DiagnosticKind TooMany = Error("AUD011", "More problems than are shown.");
    internal static readonly DiagnosticKind LiteralQuote = Warning("AUD012", "A quote that becomes part of the value.");

    // The shape of a rule.
    internal static readonly DiagnosticKind BadListAction = Error("AUD013", "The list and action of a rule are wrong.");
    internal static readonly DiagnosticKind SecondRule = Error("AUD014", "More than one rule in a line.");
    internal static readonly DiagnosticKind NoList = Error("AUD015", "A part of a rule without the list or path that has to come first.");
    internal static readonly DiagnosticKind UnknownField = Error("AUD016", "There is no such field.");
    internal static readonly DiagnosticKind MissingOperator = Error("AUD017", "A field without an operator.");
    internal static readonly DiagnosticKind MissingValue = Error("AUD018", "A field without a value.");
    internal static readonly DiagnosticKind BadOperator = Error("AUD019", "The field cannot be compared this way.");
    internal static readonly DiagnosticKind FieldNotOnList = Error("AUD020", "The field cannot be used on this list.");
    internal static readonly DiagnosticKind TooManyFields = Error("AUD021", "More fields than a rule can have.");
    internal static readonly DiagnosticKind FieldsClash = Error("AUD022", "Fields that cannot stand in one rule.");
    internal static readonly DiagnosticKind BadComparison = Error("AUD023", "Fields that -C cannot compare.");
    internal static readonly DiagnosticKind SyscallsNotOnList = Error("AUD024", "System calls on a list that has none.");
    internal static readonly DiagnosticKind ArchAfterSyscall = Error("AUD025", "The arch field stands after the system calls it is for.");
    internal static readonly DiagnosticKind KeyTooEarly = Error("AUD026", "A key before anything a key can belong to.");
    internal static readonly DiagnosticKind KeyTooLong = Error("AUD027", "Keys longer than 256 bytes together.");
    internal static readonly DiagnosticKind EmptyKey = Warning("AUD028", "An empty key, which is no key.");

    // Values.
    internal static readonly DiagnosticKind NotANumber = Error("AUD030", "The value is not a number.");
    internal static readonly DiagnosticKind OutOfRange = Error("AUD031", "The number is out of range.");
    internal static readonly DiagnosticKind UnknownSyscall = Error("AUD032", "No machine has such a system call.");
    internal static readonly DiagnosticKind UnknownArch = Error("AUD033", "There is no such arch.");
    internal static readonly DiagnosticKind UnknownErrno = Error("AUD034", "There is no such errno.");
    internal static readonly DiagnosticKind UnknownMessageType = Error("AUD035", "There is no such message type.");
    internal static readonly DiagnosticKind UnknownFileType = Error("AUD036", "There is no such file type.");
    internal static readonly DiagnosticKind UnknownFilesystem = Error("AUD037", "There is no such file system type.");
    internal static readonly DiagnosticKind BadPermissions = Error("AUD038", "Permissions other than r, w, x and a.");
    internal static readonly DiagnosticKind BadPath = Error("AUD039", "The path is not one the kernel takes.");
    internal static readonly DiagnosticKind PathTooLong = Error("AUD040", "The path or a part of it is too long.");
    internal static readonly DiagnosticKind Wildcard = Warning("AUD041", "A wildcard, which the kernel takes as it stands.");

    // Control settings.
    internal static readonly DiagnosticKind BadSetting = Error("AUD042", "The value is not one this setting takes.");
    internal static readonly DiagnosticKind BadDeleteAll = Error("AUD043", "-D stands with something other than -k and a key.");

    // What only the node knows.
    internal static readonly DiagnosticKind UnknownUser = Node("AUD050", "The node has no such user.");
    internal static readonly DiagnosticKind UnknownGroup = Node("AUD051", "The node has no such group.");
    internal static readonly DiagnosticKind SyscallNotHere = Node("AUD052", "The node's machine has no such system call.");
    internal static readonly DiagnosticKind ArchNotHere = Node("AUD053", "The node's machine has no such arch.");
    internal static readonly DiagnosticKind NameNotLookedUp =
        new("AUD054", DiagnosticSeverity.Information, DiagnosticScope.Node, "A user or group that can only be looked up on the node.");

    // It loads, but.
    internal static readonly DiagnosticKind NoArch = Warning("AUD060", "A system call rule without arch.");
    internal static readonly DiagnosticKind NoTwin = Warning("AUD061", "A rule for 64-bit system calls without its twin for 32-bit ones.");
    internal static readonly DiagnosticKind Shadowed = Warning("AUD062", "An earlier never rule takes everything this rule would match.");
    internal static readonly DiagnosticKind Duplicate = Warning("AUD063", "The same rule twice.");
    internal static readonly DiagnosticKind NeverMatches = Warning("AUD064", "A rule that can never match.");
    internal static readonly DiagnosticKind NoParent = Node("AUD065", "The node lacks the directory that a rule's path is in.");
    internal static readonly DiagnosticKind NotOnOtherArch = Warning("AUD066", "A system call that another machine of the cluster lacks.");
    internal static readonly DiagnosticKind LockNotLast = Warning("AUD067", "-e 2 is not the last line.");
    internal static readonly DiagnosticKind NoDeleteAll = Warning("AUD068", "Nothing deletes the old rules first.");
    internal static readonly DiagnosticKind Flood = Warning("AUD069", "A rule that matches so often that records will be lost.");
    internal static readonly DiagnosticKind WatchForm = Warning("AUD070", "The deprecated -w form of a rule.");
    internal static readonly DiagnosticKind UnsetAuid = Warning("AUD071", "A least auid that an unset one fulfils too.");
    internal static readonly DiagnosticKind PositiveErrno = Warning("AUD072", "An errno without its minus.");
    internal static readonly DiagnosticKind TaskForLife = Warning("AUD073", "A rule that records processes for life.");

    /// <summary>Every kind, by code.</summary>
    public static IReadOnlyList<DiagnosticKind> All { get; } =
    [
        StrayWord, UnknownOption, MissingArgument, NulByte, ControlCharacter, Quote, LineTooLong, NotInFile, InvalidUtf8, CarriageReturn, TooMany,
        LiteralQuote, BadListAction, SecondRule, NoList, UnknownField, MissingOperator, MissingValue, BadOperator, FieldNotOnList, TooManyFields,
        FieldsClash, BadComparison, SyscallsNotOnList, ArchAfterSyscall, KeyTooEarly, KeyTooLong, EmptyKey, NotANumber, OutOfRange,
        UnknownSyscall, UnknownArch, UnknownErrno, UnknownMessageType, UnknownFileType, UnknownFilesystem, BadPermissions, BadPath, PathTooLong,
        Wildcard, BadSetting, BadDeleteAll, UnknownUser, UnknownGroup, SyscallNotHere, ArchNotHere, NameNotLookedUp, NoArch, NoTwin, Shadowed,
        Duplicate, NeverMatches, NoParent, NotOnOtherArch, LockNotLast, NoDeleteAll, Flood, WatchForm, UnsetAuid,
        PositiveErrno, TaskForLife,
    ];

    private static DiagnosticKind Error(string code, string title) => new(code, DiagnosticSeverity.Error, DiagnosticScope.Source, title);

    private static DiagnosticKind Warning(string code, string title) => new(code, DiagnosticSeverity.Warning, DiagnosticScope.Source, title);

    private static DiagnosticKind Node(string code, string title) => new(code, DiagnosticSeverity.Error, DiagnosticScope.Node, title);
}
