namespace LinuxAudit.Matching;

/// <summary>Whether a condition holds for an event of a log.</summary>
internal enum Judgement
{
    /// <summary>It does not hold.</summary>
    No,

    /// <summary>It holds.</summary>
    Yes,

    /// <summary>The records do not say.</summary>
    Unknown,
}
