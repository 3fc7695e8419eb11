using System.Globalization;

namespace LinuxAudit.Rules;

/// <summary>A stretch of one line of a rules file.</summary>
/// <param name="File">The name the file was given; never null.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">First character, from 1; characters are Unicode code points, and a byte that is not valid UTF-8 is one character.</param>
/// <param name="Length">Number of characters; 0 for a place where something is missing.</param>
public readonly record struct SourceLocation(string File, int Line, int Column, int Length)
{
    /// <summary><c>file:line:column</c></summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}
