namespace LinuxAudit.Records;

/// <summary>What the meaning of a system call's argument follows from.</summary>
public enum ArgumentMeaning
{
    /// <summary>It means nothing but its number.</summary>
    None,
    /// <summary>From its value alone: flags, a signal, a family of addresses.</summary>
    Value,
    /// <summary>From its value, when the flags in the argument before it create a file (<see cref="Interpreter.CreatesFile"/>); otherwise it means nothing.</summary>
    ValueOfNewFile,
    /// <summary>From other arguments too, or from the names of users and groups.</summary>
    Other,
}
