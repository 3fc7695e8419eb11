namespace LinuxAudit.Rules;

/// <summary>One rules file, already read.</summary>
/// <param name="FileName">What diagnostics call it. Merging sorts by its last part.</param>
/// <param name="Bytes">The whole content; kept no longer than parsing takes.</param>
public sealed record RuleSource(string FileName, ReadOnlyMemory<byte> Bytes);
