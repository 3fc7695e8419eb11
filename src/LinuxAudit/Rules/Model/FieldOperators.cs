namespace LinuxAudit.Rules;

/// <summary>The text of operators.</summary>
public static class FieldOperators
{
    /// <summary>The operator as a rule writes it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is no operator.</exception>
    public static string Text(this FieldOperator op) => op switch
    {
        FieldOperator.Equal => "=",
        FieldOperator.NotEqual => "!=",
        FieldOperator.LessThan => "<",
        FieldOperator.LessThanOrEqual => "<=",
        FieldOperator.GreaterThan => ">",
        FieldOperator.GreaterThanOrEqual => ">=",
        FieldOperator.BitMask => "&",
        FieldOperator.BitTest => "&=",
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not an operator"),
    };

    /// <summary>Whether the value is one of the eight operators.</summary>
    public static bool IsKnown(this FieldOperator op) =>
        op is FieldOperator.Equal or FieldOperator.NotEqual or FieldOperator.LessThan or FieldOperator.LessThanOrEqual
            or FieldOperator.GreaterThan or FieldOperator.GreaterThanOrEqual or FieldOperator.BitMask or FieldOperator.BitTest;

    /// <summary>The first operator in a text such as <c>auid&gt;=1000</c>: where it starts, how long it is. False when there is none.</summary>
    internal static bool TryFind(ReadOnlySpan<char> text, out int index, out int length, out FieldOperator op)
    {
        (op, length) = (default, 0);
        for (index = 0; index < text.Length; index++)
        {
            bool equals = index + 1 < text.Length && text[index + 1] == '=';
            (op, length) = (text[index], equals) switch
            {
                ('!', true) => (FieldOperator.NotEqual, 2),
                ('<', true) => (FieldOperator.LessThanOrEqual, 2),
                ('>', true) => (FieldOperator.GreaterThanOrEqual, 2),
                ('&', true) => (FieldOperator.BitTest, 2),
                ('=', _) => (FieldOperator.Equal, 1),
                ('<', false) => (FieldOperator.LessThan, 1),
                ('>', false) => (FieldOperator.GreaterThan, 1),
                ('&', false) => (FieldOperator.BitMask, 1),
                _ => (default, 0),
            };
            if (length > 0) return true;
        }

        return false;
    }
}
