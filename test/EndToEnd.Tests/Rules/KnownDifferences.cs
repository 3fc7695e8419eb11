using System.Text.RegularExpressions;

namespace EndToEnd.Tests.Rules;

/// <summary>How two answers to a rule can differ.</summary>
internal enum DifferenceKind
{
    /// <summary>auditctl loads it, we refuse it.</summary>
    WeRefuse,

    /// <summary>We load it, auditctl refuses it.</summary>
    WeAccept,

    /// <summary>Our parser accepts it, and then the kernel refuses what we send.</summary>
    KernelRefuses,

    /// <summary>The kernel lists other bytes.</summary>
    OtherBytes,

    /// <summary><c>auditctl -l</c> prints other text.</summary>
    OtherText,
}

/// <summary>A difference that is meant. docs/rules.md has a row of the same name; both lists have to be complete and true.</summary>
internal sealed record KnownDifference(string Name, DifferenceKind Kind, Predicate<string> Covers)
{
    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        new("number cut to 32 bits", DifferenceKind.WeRefuse, Has(@"=-?(4294967296|9{11,}|2147483649)( |$)")),
        new("number with something behind it", DifferenceKind.WeRefuse, Has(@"=(5x|08|0x)( |$)")),
        new("word read as 0", DifferenceKind.WeRefuse, Has(@"-F (sessionid|saddr_fam)=[a-z]+( |$)")),
        new("class bits as system calls", DifferenceKind.WeRefuse, Has(@"-S (2032|2047)$")),
        new("no system call at all", DifferenceKind.WeRefuse, Has(@"-S ,$")),
        new("names on machines without a table", DifferenceKind.WeRefuse, Has(@"arch=ppc64 -S open")),
        new("perm beside the exit list", DifferenceKind.WeRefuse, Has(@"^(-a|-A) (\w+,(user|task|exclude)|(user|task|exclude),\w+) .*-p ")),
        new("key with another operator", DifferenceKind.WeRefuse, Has(@"-F key!=")),
        new("NUL byte", DifferenceKind.WeRefuse, Has("\0")),
        new("control character", DifferenceKind.WeRefuse, Has("\u0001")),
        new("long line", DifferenceKind.WeRefuse, l => l.StartsWith('-') && l.Length > 6143),
        new("CR before LF", DifferenceKind.OtherBytes, Has("\r$")),
        new("empty key beside others", DifferenceKind.OtherBytes, Has(@"(-F key=|-k )\S.*-F key=( |$)|-F key= .*(-F key=|-k )\S")),
        new("long comment", DifferenceKind.WeAccept, l => l.StartsWith('#') && l.Length > 6143),
        new("line of short words", DifferenceKind.WeAccept, l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length > (l.Length / 3) + 1),
        new("operator characters in a value", DifferenceKind.WeAccept, Has(@"-F path=/tmp/a>=b$")),
        new("io_uring list", DifferenceKind.WeAccept, Has(@"^-a always,io_uring ")),
        new("newer message types", DifferenceKind.WeAccept, Has(@"msgtype=DM_CTRL$")),
        new("names of the kernel headers", DifferenceKind.WeAccept, Has(@"-S (pread64|fstat)$")),
    ];

    private static Predicate<string> Has(string pattern) => new Regex(pattern, RegexOptions.Singleline).IsMatch;
}
