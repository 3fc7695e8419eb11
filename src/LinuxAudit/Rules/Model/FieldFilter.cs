namespace LinuxAudit.Rules;

/// <summary>One condition of a rule: a field, an operator and a value. All conditions of a rule have to hold.</summary>
/// <param name="Field">What is looked at.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Value">The number it is compared with; 0 for fields whose value is text. A negative number is its two's complement.</param>
/// <param name="Text">
/// The text it is compared with, for path, dir, exe, key and the SELinux fields; of several keys, U+0001 stands between them.
/// For a user or group: a name that has not been looked up yet. Otherwise null.
/// </param>
public sealed record FieldFilter(RuleField Field, FieldOperator Operator, uint Value, string? Text = null)
{
    /// <summary>Whether this is a user or group by a name that only the node can turn into a number.</summary>
    public bool IsUnresolved => Text is not null && FieldInfo.Find(Field) is { IsText: false };
}
