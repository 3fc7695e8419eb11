using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

internal sealed partial class EventEncoder
{
    /// <summary>
    /// Of a program that was started with the capabilities its process had before: the permitted ones, and the record is not written. False when
    /// there is more to say: the file has some, some were gained or lost, or the sets differ.
    /// </summary>
    private bool TryWriteCapabilities(AuditEvent auditEvent)
    {
        if (_records.Capabilities < 0) return false;
        ReadOnlySpan<byte> permitted = default, effective = default, oldPermitted = default, oldEffective = default;
        FieldReader fields = auditEvent[_records.Capabilities].Fields;
        int count = 0;
        for (; fields.TryRead(out Field field); count++)
        {
            ReadOnlySpan<byte> name = field.Name;
            if (name.SequenceEqual("pp"u8)) permitted = field.Value;
            else if (name.SequenceEqual("pe"u8)) effective = field.Value;
            else if (name.SequenceEqual("old_pp"u8)) oldPermitted = field.Value;
            else if (name.SequenceEqual("old_pe"u8)) oldEffective = field.Value;
            else if (!IsCapabilityField(name) || !field.Value.SequenceEqual("0"u8)) return false;
        }
        // As many as the kernel writes: none is missing, none is there twice.
        if (count != 13 || permitted.Length is 0 or > 16 || !permitted.SequenceEqual(effective) || !permitted.SequenceEqual(oldPermitted)
            || !permitted.SequenceEqual(oldEffective) || !TryParseHex(permitted, out ulong set)) return false;
        _json.Name("\"pp\":\""u8);
        _json.Hex(set);
        _json.Write((byte)'"');
        return true;
    }

    private static bool IsCapabilityField(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("fver"u8) || name.SequenceEqual("fp"u8) || name.SequenceEqual("fi"u8) || name.SequenceEqual("fe"u8) || name.SequenceEqual("frootid"u8)
        || name.SequenceEqual("pi"u8) || name.SequenceEqual("pa"u8) || name.SequenceEqual("old_pi"u8) || name.SequenceEqual("old_pa"u8);

    private static bool TryParseHex(ReadOnlySpan<byte> digits, out ulong number) =>
        System.Buffers.Text.Utf8Parser.TryParse(digits, out number, out int used, 'x') && used == digits.Length;
}
