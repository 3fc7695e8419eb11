namespace LinuxAudit.Rules;

/// <summary>One thing a rules file says. A line can say several (<c>-e 1 -f 2</c>).</summary>
/// <param name="Location">From the first to the last character of the line's text.</param>
/// <param name="Text">The line, without its end.</param>
public abstract record Directive(SourceLocation Location, string Text);

/// <summary>A rule to add or delete: <c>-a -A -d -w -W</c>.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="Text">The line, without its end.</param>
/// <param name="Operation">What to do with the rule.</param>
/// <param name="Rule">The rule.</param>
public sealed record RuleDirective(SourceLocation Location, string Text, RuleOperation Operation, AuditRule Rule) : Directive(Location, Text)
{
    /// <summary>Whether it is written with <c>-w</c> or <c>-W</c>.</summary>
    public bool IsWatch { get; init; }

    /// <summary>False when the node lacks something the rule needs; a diagnostic of scope Node says what. Such a rule must be skipped, and may be
    /// incomplete.</summary>
    public bool IsUsable { get; init; } = true;
}

/// <summary>What to do with a rule.</summary>
public enum RuleOperation
{
    /// <summary><c>-a</c> or <c>-w</c>: to the end of its list.</summary>
    Append,

    /// <summary><c>-A</c>: to the start of its list.</summary>
    Prepend,

    /// <summary><c>-d</c> or <c>-W</c></summary>
    Delete,
}

/// <summary><c>-D</c>: delete all rules, or those with a key.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="Text">The line, without its end.</param>
/// <param name="Key">The key of the rules to delete; null: all rules.</param>
public sealed record DeleteAllDirective(SourceLocation Location, string Text, string? Key) : Directive(Location, Text);

/// <summary>A setting of the kernel or of the loading itself.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="Text">The line, without its end.</param>
/// <param name="Setting">Which setting.</param>
/// <param name="Value">Its number; 0 for settings that have none.</param>
/// <param name="Argument">Its text, for <c>-q</c>, <c>-m</c> and <c>--signal</c>; otherwise null.</param>
public sealed record ControlDirective(SourceLocation Location, string Text, ControlSetting Setting, uint Value, string? Argument)
    : Directive(Location, Text);
