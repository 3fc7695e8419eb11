namespace LinuxAudit.Records;

/// <summary>How a value is written in its record.</summary>
public enum ValueForm
{
    /// <summary>As it is, up to the next space: a number, a word, or a string in hexadecimal (<see cref="Field.IsCoded"/>).</summary>
    Bare,
    /// <summary>Between double quotes: a string without a quote, a control character or, from the kernel, a space.</summary>
    Quoted,
    /// <summary><c>msg='…'</c>: all that a program of user space said, fields of its own inside (<see cref="AuditRecord.UserMessage"/>).</summary>
    Message,
    /// <summary><c>{ … }</c>: an address, in the interpreted part only.</summary>
    Braced,
}

/// <summary>
/// One <c>name=value</c> of a record, or a word that stands alone (<c>avc:</c>, <c>denied</c>, <c>tty</c>). Points into the record's bytes and is
/// valid only as long as they are.
/// </summary>
public readonly ref struct Field
{
    internal Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ValueForm form)
    {
        Name = name;
        Value = value;
        Form = form;
    }

    /// <summary>The name; empty for a word that stands alone.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value as written, without its quotes or braces. What it means depends on the name: see <see cref="Interpreter"/>.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>How the value is written.</summary>
    public ValueForm Form { get; }

    /// <summary>True for <c>(null)</c>, which is how the kernel writes that there is no value.</summary>
    public bool IsNull => Form == ValueForm.Bare && Value.SequenceEqual("(null)"u8);

    /// <summary>
    /// True when the value could be a string in hexadecimal: not quoted, an even number of hexadecimal digits. Whether it is one only the
    /// name can tell: <c>comm=6162</c> is <c>ab</c>, <c>pid=6162</c> is a number.
    /// </summary>
    public bool IsCoded => Form == ValueForm.Bare && HexCoding.IsCoded(Value);

    /// <summary>
    /// Copies the string the value stands for: hexadecimal decoded, anything else as it is. For fields that hold strings only. The result may
    /// have any bytes: no valid UTF-8, control characters, and zero bytes are an attacker's to choose.
    /// </summary>
    /// <param name="destination">At least <c>Value.Length</c> bytes always suffice.</param>
    /// <param name="written">How many bytes were written; 0 when false.</param>
    /// <returns>False when <paramref name="destination"/> is too small.</returns>
    public bool TryDecode(Span<byte> destination, out int written)
    {
        bool coded = IsCoded;
        int length = coded ? Value.Length / 2 : Value.Length;
        written = 0;
        if (destination.Length < length) return false;
        if (coded) HexCoding.Decode(Value, destination);
        else Value.CopyTo(destination);
        written = length;
        return true;
    }

    /// <summary>The value as an unsigned decimal number, all of it; a value with a sign or out of range is none.</summary>
    public bool TryGetUInt64(out ulong value) => Numbers.TryParseDecimal(Value, out value);

    /// <summary>The value as a decimal number, all of it.</summary>
    public bool TryGetInt64(out long value) => Numbers.TryParseSigned(Value, out value);

    /// <summary>The value as a hexadecimal number without prefix, as in <c>arch</c> and <c>a0</c> of a system call; at most 16 digits.</summary>
    public bool TryGetHex(out ulong value) => Numbers.TryParseHex(Value, out value);

    /// <summary>The value as a hexadecimal number, <c>0x</c> before it or not.</summary>
    internal bool TryGetHexWithPrefix(out ulong value) => Numbers.TryParseHex(Value.StartsWith("0x"u8) ? Value[2..] : Value, out value);
}
