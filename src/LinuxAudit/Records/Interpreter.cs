using System.Buffers;

namespace LinuxAudit.Records;

/// <summary>What became of an interpretation.</summary>
public enum Interpretation
{
    /// <summary>There is nothing to interpret: <see cref="Field.Value"/> says it all. Nothing was written.</summary>
    Unchanged,
    /// <summary>The meaning was written.</summary>
    Written,
    /// <summary>The destination is too small. What was written is of no use.</summary>
    DestinationTooSmall,
}

/// <summary>
/// Turns the values of records into what they mean, as <c>ausearch -i</c> does: numbers of system calls, users, flags, signals into names, strings in
/// hexadecimal into strings. Writes bytes: strings are an attacker's and may be no valid UTF-8, the rest is ASCII. Values it cannot make sense of
/// stay as they are. Does not allocate. Thread-safe when its resolver is.
/// </summary>
/// <param name="identities">Names of users and groups; null for none: ids are then written <c>unknown(1000)</c>.</param>
public sealed partial class Interpreter(IIdentityNames? identities = null)
{
    // More than any list of flags or capabilities has.
    private const int LongestNames = 1024;

    private readonly IIdentityNames _identities = identities ?? IdentityTable.Empty;

    /// <summary>How many bytes always suffice for the meaning of a field.</summary>
    public static int MaxLength(in Field field) => field.Value.Length * 8 + LongestNames;

    /// <summary>Writes the meaning of a field.</summary>
    /// <param name="context">The context of the field's record, <see cref="RecordContext.Of"/>.</param>
    /// <param name="field">A field of the record's body or of its user message.</param>
    /// <param name="output">Where to; nothing is written unless the result is <see cref="Interpretation.Written"/>.</param>
    /// <returns><see cref="Interpretation.Unchanged"/> or <see cref="Interpretation.Written"/>.</returns>
    public Interpretation Interpret(in RecordContext context, in Field field, IBufferWriter<byte> output)
    {
        FieldKind kind = FieldKinds.Of(context.Type, field.Name);
        if (kind == FieldKind.Plain) return Interpretation.Unchanged;
        int length = kind <= FieldKind.Key ? field.Value.Length : MaxLength(field);
        Interpretation result = Interpret(context, field, kind, output.GetSpan(Math.Max(1, length)), out int written);
        if (result == Interpretation.Written) output.Advance(written);
        return result;
    }

    /// <summary>Writes the meaning of a field.</summary>
    /// <param name="context">The context of the field's record, <see cref="RecordContext.Of"/>.</param>
    /// <param name="field">A field of the record's body or of its user message.</param>
    /// <param name="destination"><see cref="MaxLength"/> bytes always suffice.</param>
    /// <param name="written">How many bytes were written; 0 unless the result is <see cref="Interpretation.Written"/>.</param>
    public Interpretation Interpret(in RecordContext context, in Field field, Span<byte> destination, out int written) =>
        Interpret(context, field, FieldKinds.Of(context.Type, field.Name), destination, out written);

    private Interpretation Interpret(in RecordContext context, in Field field, FieldKind kind, Span<byte> destination, out int written)
    {
        written = 0;
        if (kind <= FieldKind.Key)
        {
            if (kind == FieldKind.Plain || field.Form == ValueForm.Bare && !field.IsCoded) return Interpretation.Unchanged;
            return field.TryDecode(destination, out written) ? Interpretation.Written : Interpretation.DestinationTooSmall;
        }
        SpanWriter writer = new(destination);
        if (!TryWrite(context, field, kind, ref writer)) return Interpretation.Unchanged;
        if (writer.Overflowed) return Interpretation.DestinationTooSmall;
        written = writer.Length;
        return Interpretation.Written;
    }

    /// <summary>False when the value is not what its name promises.</summary>
    private bool TryWrite(in RecordContext context, in Field field, FieldKind kind, ref SpanWriter writer)
    {
        ReadOnlySpan<byte> value = field.Value;
        ulong number;
        switch (kind)
        {
            case FieldKind.TerminalInput:
                return TryWriteTerminalInput(field, ref writer);
            case FieldKind.User:
                return TryGetId(value, out uint uid) && WriteUser(uid, ref writer);
            case FieldKind.Group:
                return TryGetId(value, out uint gid) && WriteGroup(gid, ref writer);
            case FieldKind.Session:
                if (!value.SequenceEqual("4294967295"u8)) return false;
                writer.Write("unset"u8);
                return true;
            case FieldKind.Architecture:
                return field.TryGetHex(out number) && WriteName(Architectures.Names, number, "unknown-elf-type("u8, value, ")"u8, ref writer);
            case FieldKind.Syscall:
                return TryWriteSyscall(context, value, ref writer);
            case FieldKind.SyscallArgument:
                return TryWriteArgument(context, field, ref writer);
            case FieldKind.Exit:
                return TryWriteExit(field, ref writer);
            case FieldKind.Result:
                if (value.Length != 1 || value[0] is not ((byte)'0' or (byte)'1')) return false;
                writer.Write(value[0] == '1' ? "yes"u8 : "no"u8);
                return true;
            case FieldKind.CapabilitySet:
                return field.TryGetHex(out number) && WriteCapabilities(number, ref writer);
            case FieldKind.Capability:
                return field.TryGetUInt64(out number) && WriteName(ProcessValues.Capabilities, number, "unknown-capability("u8, value, ")"u8, ref writer);
            case FieldKind.Mode:
                // A message queue has permissions, but is no file.
                return Numbers.TryParseOctal(value, out number)
                    && (context.Type == RecordType.MessageQueueOpen ? WritePermissionBits(number, ref writer) : WriteFileMode(number, ref writer));
            case FieldKind.SocketAddress:
                return TryWriteSocketAddress(field, ref writer);
            case FieldKind.Flags:
                return field.TryGetHexWithPrefix(out number) && WriteFlagsField(context.Type, number, ref writer);
            case FieldKind.OpenFlags:
                return TryGetOpenFlags(value, out number) && WriteOpenFlags(number, ref writer);
            case FieldKind.ResolveFlags:
                return field.TryGetHexWithPrefix(out number) && WriteFlags(FileValues.ResolveFlags, number, '|', ref writer);
            case FieldKind.Permissions:
                return field.TryGetUInt64(out number) && WritePermissions(number, ref writer);
            case FieldKind.Personality:
                return field.TryGetHex(out number) && WritePersonality(number, ref writer);
            case FieldKind.SeccompAction:
                return field.TryGetHexWithPrefix(out number) && WriteSeccompAction(number, value, ref writer);
            case FieldKind.Promiscuity:
                if (!field.TryGetUInt64(out number)) return false;
                writer.Write(number != 0 ? "yes"u8 : "no"u8);
                return true;
            default:
                return field.TryGetUInt64(out number) && TryWriteNumber(kind, number, value, ref writer);
        }
    }

    /// <summary>Kinds that are nothing but a number with a name.</summary>
    private static bool TryWriteNumber(FieldKind kind, ulong number, ReadOnlySpan<byte> value, ref SpanWriter writer) => kind switch
    {
        FieldKind.Signal => WriteName(ProcessValues.Signals, number, "unknown-signal("u8, value, ")"u8, ref writer),
        FieldKind.RuleList => WriteName(KernelValues.RuleLists, number, "unknown-list("u8, value, ")"u8, ref writer),
        FieldKind.NetfilterFamily => WriteName(SocketValues.NetfilterFamilies, number, "unknown-netfilter-protocol("u8, value, ")"u8, ref writer),
        FieldKind.NetfilterHook => WriteName(SocketValues.Hooks, number, "unknown-hook("u8, value, ")"u8, ref writer),
        FieldKind.NetfilterAction => WriteName(SocketValues.NetfilterActions, number, "unknown-action("u8, value, ")"u8, ref writer),
        FieldKind.Protocol => WriteName(SocketValues.Protocols, number, "undefined protocol"u8, default, default, ref writer),
        FieldKind.IcmpType => WriteName(SocketValues.IcmpTypes, number, "unknown-icmp-type("u8, value, ")"u8, ref writer),
        FieldKind.MulticastGroup => WriteIfKnown(KernelValues.MulticastGroups, number, ref writer),
        FieldKind.FanotifyResponse => WriteIfKnown(KernelValues.FanotifyResponses, number, ref writer),
        FieldKind.UringOperation => WriteIfKnown(KernelValues.UringOperations, number, ref writer),
        _ => false,
    };

    // -1 and 4294967295 are the same id: none.
    private static bool TryGetId(ReadOnlySpan<byte> value, out uint id)
    {
        bool valid = Numbers.TryParseSigned(value, out long number) && number is >= -1 and <= uint.MaxValue;
        id = unchecked((uint)number);
        return valid;
    }
}
