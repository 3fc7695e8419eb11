using LinuxAudit.Rules;

namespace LinuxAudit.Matching;

/// <summary>Numbers as the kernel's filters compare them: 32 bits, without sign.</summary>
internal static class Comparison
{
    public static bool Holds(uint left, FieldOperator op, uint right) => op switch
    {
        FieldOperator.Equal => left == right,
        FieldOperator.NotEqual => left != right,
        FieldOperator.LessThan => left < right,
        FieldOperator.LessThanOrEqual => left <= right,
        FieldOperator.GreaterThan => left > right,
        FieldOperator.GreaterThanOrEqual => left >= right,
        FieldOperator.BitMask => (left & right) != 0,
        FieldOperator.BitTest => (left & right) == right,
        _ => false,
    };
}
