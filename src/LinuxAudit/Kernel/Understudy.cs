using System.Runtime.InteropServices;

namespace LinuxAudit.Kernel;

/// <summary>
/// Makes rules that match what a given rule matches and yet differ from it for the kernel, which compares fields in their order. All fields of a rule
/// must hold, so their order and a field that always holds change nothing.
/// </summary>
internal static class Understudy
{
    private const uint FieldPid = 0;
    private const uint OperatorGreaterOrEqual = 0x60000000;

    /// <summary>Different understudies of <paramref name="rule"/>, the plainest first; none when it has no room for one or a form that is not known.</summary>
    public static IEnumerable<KernelRule> For(KernelRule rule)
    {
        Field[]? fields = Read(rule);
        if (fields is null) yield break;
        for (int i = 0; i + 1 < fields.Length; i++)
        {
            if (fields[i].Equals(fields[i + 1])) continue;
            Field[] swapped = [.. fields];
            (swapped[i], swapped[i + 1]) = (swapped[i + 1], swapped[i]);
            yield return Write(rule, swapped);
        }
        if (fields.Length == KernelRule.MaxFields) yield break;
        foreach (Field field in fields.Where(f => f.Text is null).Distinct()) yield return Write(rule, [.. fields, field]);
        // Not on the lists filesystem (6) and exclude (5), where the kernel takes few fields.
        if (rule.List is 0 or 1 or 4 or 7) yield return Write(rule, [.. fields, new Field(FieldPid, OperatorGreaterOrEqual, 0, null)]);
    }

    /// <summary>The rule's fields; null when its strings are not those that its fields account for.</summary>
    private static Field[]? Read(KernelRule rule)
    {
        ReadOnlySpan<byte> data = rule.Data.Span;
        Field[] fields = new Field[MemoryMarshal.Read<uint>(data[KernelRule.FieldCountOffset..])];
        ReadOnlySpan<byte> strings = data[KernelRule.HeaderSize..];
        for (int i = 0; i < fields.Length; i++)
        {
            uint type = MemoryMarshal.Read<uint>(data[(KernelRule.FieldsOffset + 4 * i)..]);
            uint value = MemoryMarshal.Read<uint>(data[(KernelRule.ValuesOffset + 4 * i)..]);
            byte[]? text = null;
            if (IsString(type))
            {
                if (value > (uint)strings.Length) return null;
                text = strings[..(int)value].ToArray();
                strings = strings[(int)value..];
            }
            fields[i] = new Field(type, MemoryMarshal.Read<uint>(data[(KernelRule.FieldFlagsOffset + 4 * i)..]), value, text);
        }
        return strings.IsEmpty ? fields : null;
    }

    private static KernelRule Write(KernelRule rule, Field[] fields)
    {
        byte[] data = rule.Data.ToArray();
        MemoryMarshal.Write(data.AsSpan(KernelRule.FieldCountOffset), fields.Length);
        Span<byte> strings = data.AsSpan(KernelRule.HeaderSize);
        for (int i = 0; i < fields.Length; i++)
        {
            MemoryMarshal.Write(data.AsSpan(KernelRule.FieldsOffset + 4 * i), fields[i].Type);
            MemoryMarshal.Write(data.AsSpan(KernelRule.FieldFlagsOffset + 4 * i), fields[i].Operator);
            MemoryMarshal.Write(data.AsSpan(KernelRule.ValuesOffset + 4 * i), fields[i].Value);
            if (fields[i].Text is not { } text) continue;
            text.CopyTo(strings);
            strings = strings[text.Length..];
        }
        return new KernelRule(data);
    }

    /// <summary>Fields whose value is the length of a string: the parts of subject (13 to 17) and object (19 to 23) labels, path, dir, exe and key.</summary>
    private static bool IsString(uint type) => type is (>= 13 and <= 17) or (>= 19 and <= 23) or 105 or 107 or 112 or 210;

    private readonly record struct Field(uint Type, uint Operator, uint Value, byte[]? Text)
    {
        public bool Equals(Field other) =>
            Type == other.Type && Operator == other.Operator && Value == other.Value && Text.AsSpan().SequenceEqual(other.Text);

        public override int GetHashCode() => HashCode.Combine(Type, Operator, Value);
    }
}
