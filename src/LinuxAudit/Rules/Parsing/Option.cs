namespace LinuxAudit.Rules.Parsing;

/// <summary>An option of a line with its argument.</summary>
/// <param name="Name">The letter, or for long options the whole name.</param>
/// <param name="At">The option itself, as written.</param>
/// <param name="Argument">Its value; without text where it takes none.</param>
internal readonly record struct Option(string Name, Word At, Word Argument);
