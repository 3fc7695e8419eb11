namespace EndToEnd.Tests.Records;

/// <summary>
/// Where this library and ausearch 3.0.9 differ on purpose, with the reason. The parity tests fail on any difference that is not here; docs/records.md
/// lists the same for readers.
/// </summary>
internal static class KnownDifferences
{
    private sealed record Known(string Reason, Func<Difference, bool> Applies);

    private static readonly Known[] Values =
    [
        new("ausearch takes a forged line in a socket's path for a record", d => d.Ours == "(no record)" && d.Line.Contains("01/01/70", StringComparison.Ordinal)),
        new("ausearch misspells SIGPWR", d => d is { Ours: "SIGPWR", Theirs: "IGPWR" }),
        new("more is interpreted: clone's flags, owners of lchown, fchown and fchownat, the mode of openat, newer flags",
            d => d.Type == "SYSCALL" && IsArgument(d) && IsHex(d.Theirs) && !IsHex(d.Ours)),
        new("names newer than audit 3.0.9", d => d.Theirs.StartsWith("unknown-", StringComparison.Ordinal) && !d.Ours.StartsWith("unknown-", StringComparison.Ordinal)),
        new("an exit status other than 0 and 1 is a number", d => d.Type == "SYSCALL" && d.Field == "a0" && d.Theirs == "UNKNOWN"),
        new("the third argument of fcntl is no user, and of clone no flags", d => d.Type == "SYSCALL" && d.Field == "a2" && IsHex(d.Ours)),
        new("the third argument of mprotect may have PROT_SEM", d => d.Field == "a2" && d.Ours.Contains("PROT_", StringComparison.Ordinal) && d.Theirs.StartsWith("PROT_", StringComparison.Ordinal)),
        new("ausearch leaves out newer flags among others", d => IsArgument(d) && (d.Ours.Contains("MSG_ZEROCOPY", StringComparison.Ordinal) || d.Ours.Contains("CLONE_PIDFD", StringComparison.Ordinal))),
        new("packet and vsock addresses are written out", d => d.Field == "saddr" && d.Theirs.EndsWith("(unsupported) }", StringComparison.Ordinal)),
        new("ax25, atmpvc and x25 are not", d => d.Field == "saddr" && d.Ours.EndsWith("(unsupported) }", StringComparison.Ordinal)),
        new("abstract names are marked, and whole", d => d.Field == "saddr" && d.Ours.Contains("path=@", StringComparison.Ordinal)),
        new("the scope of an address is a number, not the name of an interface of the machine ausearch runs on", d => d.Field == "saddr" && d.Ours.Contains('%')),
        new("ausearch reads an enriched address, and stops at a separator or a newline in its path", d => d.Field == "saddr" && (d.Ours.Contains("\\035", StringComparison.Ordinal) || d.Ours.Contains("\\012", StringComparison.Ordinal))),
        new("the kernel writes openat2's flags in octal", d => d is { Type: "OPENAT2", Field: "oflag" }),
        new("operations of io_uring have names", d => d is { Type: "URINGOP", Field: "uring_op" }),
        new("an unknown capability set is not an empty one", d => d.Ours == "?" && d.Theirs == "none"),
        new("ausearch loses all arguments behind an empty one", d => d.Type == "EXECVE"),
        new("ausearch takes names from the enriched part by field name alone, also for what a program says", d => d is { Type: "USER_AVC" or "USER_AUTH", Field: "auid" }),
        new("hostile messages: ausearch believes forged fields and cuts long ones", d => d.Type is "USYS_CONFIG" or "USER_AUTH"),
        new("errors without a name stay numbers", d => d.Field == "exit" && d.Theirs.StartsWith("(null)", StringComparison.Ordinal)),
        new("the kernel's name of 32-bit ARM is arm", d => d is { Ours: "arm", Theirs: "armeb" }),
        new("numbers without a name stay numbers", d => d.Field is "resp" or "nl-mcgrp" && d.Theirs is "unknown" or "audit-none"),
        new("half a byte is no coded string", d => d.Ours == "61626"),
        new("a path of one byte is a path", d => d.Field == "saddr" && d.Ours.Contains("path=\\001 }", StringComparison.Ordinal)),
        new("permissions without a name stay a number", d => d.Field == "perm" && d.Theirs.Length == 0),
        new("res is 0, 1 or a word", d => d.Field == "res" && d.Theirs == "unset"),
        new("ESC A and 0x8F are no keys", d => d.Type == "TTY"),
        new("values of 64 bits are not cut to 32", d => IsHex(d.Ours) && d.Ours.Length > 10),
    ];

    private static readonly Known[] Columns =
    [
        new("the kind of the file that was opened is said", d => d.Field == "OBJ_KIND" && d.Theirs == "file"),
        new("the target of a signal is said", d => d.Field is "ACTION" or "OBJ_PRIME" or "OBJ_SEC" && d.Type is "SYSCALL 62" or "SYSCALL 200" or "SYSCALL 234"),
        new("what failed in a directory has the directory as object", d => d.Field is "OBJ_PRIME" or "OBJ_SEC" && d.Theirs.Length == 0 && d.Type.StartsWith("SYSCALL", StringComparison.Ordinal)),
        new("the object of mount is where it was mounted", d => d.Type == "SYSCALL 165"),
        new("addresses as in the records", d => d.Field == "OBJ_PRIME" && d.Ours.StartsWith("{ saddr_fam=", StringComparison.Ordinal)),
        new("a call by descriptor knows no path", d => d.Field == "OBJ_PRIME" && d.Ours.Length == 0 && d.Theirs.EndsWith("/(null)", StringComparison.Ordinal)),
        new("a path has no slash at its end", d => d.Field == "OBJ_PRIME" && d.Ours + "/" == d.Theirs),
        new("ausearch drops an event with a newline in a socket's path", d => d is { Field: "EVENT", Ours: "(an event)" } && d.Type.StartsWith("SYSCALL", StringComparison.Ordinal)),
        // The kernel sends a record again that auditd's socket had no room for, behind the end of its event.
        new("ausearch drops an event whose SYSCALL record is not with it", d => d is { Field: "EVENT", Ours: "(an event)", Type: "SOCKADDR" or "PATH" or "CWD" or "PROCTITLE" or "EXECVE" }),
        new("ausearch takes a forged line in a socket's path for an event", d => d.Ours == "(no event)" && d.Line.Contains("01/01/70", StringComparison.Ordinal)),
        new("ausearch splits a login from the system call that made it", d => d.Type.StartsWith("LOGIN", StringComparison.Ordinal) || d is { Type: "SYSCALL", Ours: "(no event)" }),
        new("ausearch asks the wrong table for seccomp's call", d => d is { Type: "SECCOMP", Field: "OBJ_PRIME" }),
        new("what was typed is keystrokes", d => d.Type.StartsWith("TTY", StringComparison.Ordinal)),
        new("a rule without key triggered by io_uring", d => d.Type.StartsWith("URINGOP", StringComparison.Ordinal)),
        new("how is the executable, also for shells", d => d.Field == "HOW" && d.Ours.EndsWith("/" + d.Theirs, StringComparison.Ordinal)),
        new("clock_adjtime sets the time even when nothing changes", d => d.Type == "SYSCALL 305"),
        new("what was set is the name of the value", d => d.Type.StartsWith("CONFIG_CHANGE", StringComparison.Ordinal) && d.Field == "OBJ_PRIME" && d.Theirs.Length == 0),
        new("the subject is a user, not a security context", d => d is { Type: "USER_AVC", Field: "SUBJ_PRIME" }),
        new("hostile messages: ausearch believes forged fields", d => d.Type is "USYS_CONFIG" or "USER_AUTH"),
    ];

    /// <summary>The differences of interpreted values nobody listed.</summary>
    internal static IEnumerable<Difference> UnlistedValues(IEnumerable<Difference> differences) => Unlisted(Values, differences);

    /// <summary>The differences of summaries nobody listed.</summary>
    internal static IEnumerable<Difference> UnlistedColumns(IEnumerable<Difference> differences) => Unlisted(Columns, differences);

    /// <summary>How often each reason applied.</summary>
    internal static IEnumerable<string> Reasons(IEnumerable<Difference> differences, bool columns) =>
        from d in differences
        group d by (columns ? Columns : Values).FirstOrDefault(k => k.Applies(d))?.Reason ?? "UNLISTED" into g
        orderby g.Count() descending
        select $"{g.Count(),6} {g.Key}";

    private static IEnumerable<Difference> Unlisted(Known[] known, IEnumerable<Difference> differences) => differences.Where(d => !known.Any(k => k.Applies(d)));

    private static bool IsArgument(Difference d) => d.Field is "a0" or "a1" or "a2" or "a3";

    private static bool IsHex(string value) => value.StartsWith("0x", StringComparison.Ordinal) && value.AsSpan(2).IndexOfAnyExcept("0123456789abcdef") < 0;
}
