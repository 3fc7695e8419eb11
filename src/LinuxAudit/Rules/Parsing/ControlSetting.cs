namespace LinuxAudit.Rules;

/// <summary>What a control line sets or does. auditctl(8), configuration and status options.</summary>
public enum ControlSetting
{
    /// <summary><c>-e</c>: 0 off, 1 on, 2 on and locked until reboot.</summary>
    Enabled,

    /// <summary><c>-f</c>: 0 silent, 1 printk, 2 panic.</summary>
    Failure,

    /// <summary><c>-r</c>: messages per second, 0 for no limit.</summary>
    RateLimit,

    /// <summary><c>-b</c>: number of records that may wait.</summary>
    BacklogLimit,

    /// <summary><c>--backlog_wait_time</c>: clock ticks a process waits for room in the backlog.</summary>
    BacklogWaitTime,

    /// <summary><c>-i</c>: go on after errors, and succeed.</summary>
    IgnoreErrors,

    /// <summary><c>-c</c>: go on after errors, and fail at the end.</summary>
    ContinueOnErrors,

    /// <summary><c>-s</c>: print the status.</summary>
    ShowStatus,

    /// <summary><c>-l</c>: print the rules.</summary>
    ListRules,

    /// <summary><c>-v</c>: print auditctl's version.</summary>
    ShowVersion,

    /// <summary><c>-q MOUNT,SUBTREE</c>: a mounted subtree counts as part of a watched directory.</summary>
    MakeEquivalent,

    /// <summary><c>-t</c>: forget subtrees that are no longer mounted.</summary>
    TrimSubtrees,

    /// <summary><c>-m TEXT</c>: send a user record.</summary>
    Message,

    /// <summary><c>--signal</c>: a signal to auditd.</summary>
    Signal,

    /// <summary><c>--loginuid-immutable</c></summary>
    LoginuidImmutable,

    /// <summary><c>--reset-lost</c></summary>
    ResetLost,

    /// <summary><c>--reset_backlog_wait_time_actual</c></summary>
    ResetBacklogWaitTimeActual,
}
