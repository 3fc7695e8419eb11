namespace AksAuditd.Node.Syslog;

/// <summary>The stages of an event's way from auditd to what collects it on the node.</summary>
internal enum DeliveryStage
{
    /// <summary>auditd's plugin.</summary>
    Plugin,

    /// <summary>The node's syslog daemon.</summary>
    Syslog,

    /// <summary>The syslog daemon's rule that forwards messages.</summary>
    Forward,

    /// <summary>What takes them: Container Insights' agent.</summary>
    Receiver,

    /// <summary>The sink of our own events program.</summary>
    Sink,
}

/// <summary>Why events do not get past a stage.</summary>
/// <param name="Stage">The first stage that does not work.</param>
/// <param name="Text">What is wrong and what to look at, one line.</param>
internal sealed record DeliveryProblem(DeliveryStage Stage, string Text);
