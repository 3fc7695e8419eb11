using System.Runtime.InteropServices;

namespace LinuxAudit.Kernel;

/// <summary>
/// A rule as the kernel takes and lists it: one <c>struct audit_rule_data</c> of <c>linux/audit.h</c> (1,040 bytes and then its strings), of
/// which only the list, the action and the length matter here. Two rules are equal when their bytes are, but for the flag that says at which
/// end of its list a rule is added; the kernel compares them so too. Bytes behind the fields that are in use must be 0, as the kernel lists them.
/// A plain value over memory that must not change.
/// </summary>
public readonly struct KernelRule : IEquatable<KernelRule>
{
    /// <summary>Bytes before the strings.</summary>
    public const int HeaderSize = 1040;

    /// <summary>Fields a rule can have.</summary>
    public const int MaxFields = 64;

    /// <summary><c>AUDIT_FILTER_PREPEND</c>: the rule goes to the head of its list.</summary>
    internal const uint PrependFlag = 0x10;

    internal const int ActionOffset = 4;
    internal const int FieldCountOffset = 8;
    internal const int MaskOffset = 12;
    internal const int FieldsOffset = 268;
    internal const int ValuesOffset = 524;
    internal const int FieldFlagsOffset = 780;
    internal const int BufferLengthOffset = 1036;

    /// <summary>Over <paramref name="data"/>, which is kept and not copied.</summary>
    /// <exception cref="ArgumentException">The length is not 1,040 and what the rule says of its strings, or it has more than 64 fields.</exception>
    public KernelRule(ReadOnlyMemory<byte> data)
    {
        if (!IsWhole(data.Span, out int length) || length != data.Length)
            throw new ArgumentException($"{data.Length} bytes are not one audit_rule_data", nameof(data));
        Data = data;
    }

    /// <summary>The bytes, 1,040 or more; empty for <c>default</c>.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The filter list: user 0, task 1, exit 4, exclude 5, filesystem 6, io_uring 7.</summary>
    public uint List => Read(0) & ~PrependFlag;

    /// <summary>The action: never 0, always 2.</summary>
    public uint Action => Read(ActionOffset);

    /// <summary>True when <see cref="AuditClient.AddRule"/> puts it at the head of its list, false for the end. The kernel lists every rule with false.</summary>
    public bool IsPrepend => (Read(0) & PrependFlag) != 0;

    /// <summary>The same rule for the other end of its list; itself when it is so already.</summary>
    public KernelRule WithPrepend(bool prepend)
    {
        if (IsPrepend == prepend) return this;
        byte[] copy = Data.ToArray();
        MemoryMarshal.Write(copy, prepend ? List | PrependFlag : List);
        return new KernelRule(copy);
    }

    /// <summary>
    /// True when matching it means fewer records: action never, and every rule of the exclude list (5), on which the kernel does not look at the action.
    /// </summary>
    public bool Suppresses => Action == 0 || List == 5;

    /// <inheritdoc/>
    public bool Equals(KernelRule other) =>
        Data.Length == other.Data.Length
        && (Data.IsEmpty || (List == other.List && Data.Span[ActionOffset..].SequenceEqual(other.Data.Span[ActionOffset..])));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is KernelRule other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (Data.IsEmpty) return 0;
        HashCode hash = default;
        hash.Add(List);
        hash.AddBytes(Data.Span[ActionOffset..]);
        return hash.ToHashCode();
    }

    /// <summary>Equal but for <see cref="IsPrepend"/>.</summary>
    public static bool operator ==(KernelRule left, KernelRule right) => left.Equals(right);

    /// <summary>Not equal.</summary>
    public static bool operator !=(KernelRule left, KernelRule right) => !left.Equals(right);

    /// <summary>True when <paramref name="data"/> begins with a whole rule of <paramref name="length"/> bytes.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> data, out int length)
    {
        length = 0;
        if (data.Length < HeaderSize || MemoryMarshal.Read<uint>(data[FieldCountOffset..]) > MaxFields) return false;
        uint strings = MemoryMarshal.Read<uint>(data[BufferLengthOffset..]);
        if (strings > data.Length - HeaderSize) return false;
        length = HeaderSize + (int)strings;
        return true;
    }

    private uint Read(int offset) => Data.IsEmpty ? 0 : MemoryMarshal.Read<uint>(Data.Span[offset..]);
}
