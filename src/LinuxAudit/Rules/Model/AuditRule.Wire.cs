using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace LinuxAudit.Rules;

/// <content><c>struct audit_rule_data</c>: the payload of AUDIT_ADD_RULE, AUDIT_DEL_RULE and AUDIT_LIST_RULES, little endian as on x86 and
/// arm.</content>
public sealed partial class AuditRule
{
    /// <summary>Bytes of <c>struct audit_rule_data</c> before its string buffer.</summary>
    public const int WireHeaderSize = 1040;

    /// <summary>Most fields <c>struct audit_rule_data</c> has room for: <c>AUDIT_MAX_FIELDS</c>.</summary>
    internal const int WireFields = 64;

    private const uint Prepend = 0x10;
    private const int MaskOffset = 12;
    private const int FieldsOffset = 268;
    private const int ValuesOffset = 524;
    private const int FlagsOffset = 780;
    private const int BufferLengthOffset = 1036;

    /// <summary>
    /// The bytes to send to the kernel: 1040 and the text of the rule's text fields, unpadded. Unless prepended, they are exactly the bytes the
    /// kernel lists the rule with: so no class bits (auditctl sets them for "all", the kernel clears them).
    /// </summary>
    /// <param name="prepend">Whether the rule is to become the first of its list (<c>-A</c>).</param>
    /// <exception cref="InvalidOperationException">The rule is not resolved, or has more than 64 fields.</exception>
    public byte[] ToWire(bool prepend = false)
    {
        if (!IsResolved) throw new InvalidOperationException("a user or group of the rule has not been looked up: " + this);
        if (Fields.Length > WireFields) throw new InvalidOperationException("the rule has more than 64 fields: " + this);
        byte[][] texts = [.. Fields.Select(f => f.Text is null ? [] : RuleText.ToBytes(f.Text))];
        byte[] data = new byte[WireHeaderSize + texts.Sum(t => t.Length)];
        Write(data, 0, (uint)List | (prepend ? Prepend : 0));
        Write(data, 4, (uint)Action);
        Write(data, 8, (uint)Fields.Length);
        Syscalls.CopyTo(MemoryMarshal.Cast<byte, uint>(data.AsSpan(MaskOffset, 4 * SyscallSet.WordCount)));
        int end = WireHeaderSize;
        for (int i = 0; i < Fields.Length; i++)
        {
            FieldFilter field = Fields[i];
            Write(data, FieldsOffset + (4 * i), (uint)field.Field);
            Write(data, ValuesOffset + (4 * i), field.Text is null ? field.Value : (uint)texts[i].Length);
            Write(data, FlagsOffset + (4 * i), (uint)field.Operator);
            texts[i].CopyTo(data.AsSpan(end));
            end += texts[i].Length;
        }

        Write(data, BufferLengthOffset, (uint)(end - WireHeaderSize));
        return data;
    }

    /// <summary>Reads what the kernel lists (AUDIT_LIST_RULES) or what <see cref="ToWire"/> made.</summary>
    /// <param name="data">The payload, without the netlink header; bytes after the string buffer are padding.</param>
    /// <param name="rule">The rule; null when the result is false. Nothing of <paramref name="data"/> is kept.</param>
    /// <returns>False when the bytes are no rule: too short, a count or length that does not fit, an unknown list, action or operator.</returns>
    public static bool TryFromWire(ReadOnlySpan<byte> data, [NotNullWhen(true)] out AuditRule? rule)
    {
        rule = null;
        if (data.Length < WireHeaderSize) return false;
        FilterList list = (FilterList)(Read(data, 0) & ~Prepend);
        RuleAction action = (RuleAction)Read(data, 4);
        uint count = Read(data, 8);
        uint textLength = Read(data, BufferLengthOffset);
        if (!Enum.IsDefined(list) || !Enum.IsDefined(action) || count > WireFields || textLength > data.Length - WireHeaderSize) return false;
        ReadOnlySpan<byte> text = data.Slice(WireHeaderSize, (int)textLength);
        FieldFilter[] fields = new FieldFilter[count];
        for (int i = 0; i < fields.Length; i++)
        {
            RuleField field = (RuleField)Read(data, FieldsOffset + (4 * i));
            uint value = Read(data, ValuesOffset + (4 * i));
            FieldOperator op = (FieldOperator)Read(data, FlagsOffset + (4 * i));
            if (!op.IsKnown()) return false;
            if (FieldInfo.Find(field) is not { IsText: true })
            {
                fields[i] = new FieldFilter(field, op, value);
                continue;
            }

            if (value > text.Length) return false;
            fields[i] = new FieldFilter(field, op, 0, RuleText.FromBytes(text[..(int)value]));
            text = text[(int)value..];
        }

        Span<uint> mask = stackalloc uint[SyscallSet.WordCount];
        for (int i = 0; i < mask.Length; i++) mask[i] = Read(data, MaskOffset + (4 * i));
        rule = new AuditRule(list, action, SyscallSet.FromWords(mask), fields);
        return true;
    }

    private static uint Read(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(data[offset..]);

    private static void Write(Span<byte> data, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(data[offset..], value);
}
