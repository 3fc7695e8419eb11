namespace AksAuditd.Events.Delivery;

/// <summary>What became of a <see cref="ISink.Send"/>.</summary>
internal enum SendState
{
    /// <summary>It goes on: offer what follows at once.</summary>
    Sent,

    /// <summary>It takes nothing more at the moment: <see cref="ISink.Wait"/>, then offer the rest again.</summary>
    Busy,

    /// <summary>There is nobody to take it; it tries again by itself when its time has come. Offer the rest again later.</summary>
    Down,

    /// <summary>The line behind those that were taken is one that it will never take (too long): leave it out.</summary>
    Refused,

    /// <summary>Nobody will ever read it again: a closed pipe.</summary>
    Closed,
}

/// <summary>
/// Where lines go; a <see cref="LineGroup"/> is one of them. Used by one thread. Nothing here blocks but <see cref="Wait"/>, and nothing throws for what a sink can meet: the reason is in
/// <see cref="Error"/>.
/// </summary>
internal interface ISink : IDisposable
{
    /// <summary>For people: <c>syslog tcp 127.0.0.1:28330</c>.</summary>
    string Name { get; }

    /// <summary>The longest line it takes, in bytes without a newline; each one of a group.</summary>
    int MaximumLine { get; }

    /// <summary>Why it took nothing the last time; null while all is well.</summary>
    string? Error { get; }

    /// <summary>
    /// Takes lines from the first on. Those it did not take are the first of the next call (a sink may have sent the half of one), unless
    /// <see cref="Forget"/> comes between.
    /// </summary>
    /// <param name="lines">At least one.</param>
    /// <param name="taken">How many the kernel has taken whole.</param>
    SendState Send(LineFrames lines, out int taken);

    /// <summary>After <see cref="SendState.Busy"/>: waits until it may take more, so long at the most.</summary>
    void Wait(int milliseconds);

    /// <summary>What was offered and not taken does not come again: lets go of it, and of a connection that has the half of it.</summary>
    void Forget();

    /// <summary>Opens again what it has open, before the next line: after logrotate, or when somebody asks for it with SIGHUP.</summary>
    void Reopen();
}
