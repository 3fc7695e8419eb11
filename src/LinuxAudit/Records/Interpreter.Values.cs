using System.Runtime.InteropServices;
using System.Text;

namespace LinuxAudit.Records;

public sealed partial class Interpreter
{
    // strerror's texts, as UTF-8, each asked for once.
    private static readonly byte[]?[] ErrorTexts = new byte[]?[256];

    private bool WriteUser(uint uid, ref SpanWriter writer) =>
        WriteIdentity(uid, _identities.TryGetUser(uid, out ReadOnlySpan<byte> name), name, ref writer);

    private bool WriteGroup(uint gid, ref SpanWriter writer) =>
        WriteIdentity(gid, _identities.TryGetGroup(gid, out ReadOnlySpan<byte> name), name, ref writer);

    private static bool WriteIdentity(uint id, bool known, ReadOnlySpan<byte> name, ref SpanWriter writer)
    {
        if (id == uint.MaxValue) writer.Write("unset"u8);
        else if (known) writer.Write(name);
        else
        {
            writer.Write("unknown("u8);
            writer.WriteSigned(unchecked((int)id));
            writer.Write(")"u8);
        }
        return true;
    }

    /// <summary>The name, or the unknown value between two texts. Always true.</summary>
    private static bool WriteName(
        ValueNames names, ulong number, ReadOnlySpan<byte> before, ReadOnlySpan<byte> value, ReadOnlySpan<byte> after, ref SpanWriter writer)
    {
        if (WriteIfKnown(names, number, ref writer)) return true;
        writer.Write(before);
        writer.Write(value);
        writer.Write(after);
        return true;
    }

    private static bool WriteIfKnown(ValueNames names, ulong number, ref SpanWriter writer)
    {
        if (!names.TryGet(number, out ReadOnlySpan<byte> name)) return false;
        writer.Write(name);
        return true;
    }

    /// <summary>The flags that are set, or the number when none has a name. Always true.</summary>
    private static bool WriteFlags(ValueNames names, ulong number, char separator, ref SpanWriter writer, bool isFirst = true)
    {
        foreach (ValueNames.Entry entry in names.Entries)
        {
            if ((number & entry.Value) == 0) continue;
            if (!isFirst) writer.Write((byte)separator);
            isFirst = false;
            writer.Write(names.Name(entry));
        }
        if (!isFirst) return true;
        writer.Write("0x"u8);
        writer.WriteHex(number);
        return true;
    }

    private static bool WriteCapabilities(ulong set, ref SpanWriter writer)
    {
        bool isFirst = true;
        foreach (ValueNames.Entry entry in ProcessValues.Capabilities.Entries)
        {
            if ((set & (1UL << (int)entry.Value)) == 0) continue;
            if (!isFirst) writer.Write(","u8);
            isFirst = false;
            writer.Write(ProcessValues.Capabilities.Name(entry));
        }
        if (isFirst) writer.Write("none"u8);
        return true;
    }

    private static bool WriteFileMode(ulong mode, ref SpanWriter writer)
    {
        if (!WriteIfKnown(FileValues.FileTypes, mode & 0xF000, ref writer)) writer.WriteOctal((mode & 0xF000) >> 12, 3);
        writer.Write(","u8);
        WriteSpecialBits(mode, ref writer);
        writer.WriteOctal(mode & 0x1FF, 3);
        return true;
    }

    private static void WriteSpecialBits(ulong mode, ref SpanWriter writer)
    {
        if ((mode & 0x800) != 0) writer.Write("suid,"u8);
        if ((mode & 0x400) != 0) writer.Write("sgid,"u8);
        if ((mode & 0x200) != 0) writer.Write("sticky,"u8);
    }

    private static bool WriteFlagsField(RecordType type, ulong flags, ref SpanWriter writer)
    {
        if (type != RecordType.Path) return WriteMapFlags(flags, ref writer);
        if (flags == 0) writer.Write("none"u8);
        else WriteFlags(FileValues.PathFlags, flags, ',', ref writer);
        return true;
    }

    /// <summary>Octal with a leading zero as OPENAT2 has them, hexadecimal as MQ_OPEN has them.</summary>
    private static bool TryGetOpenFlags(ReadOnlySpan<byte> value, out ulong flags) =>
        value.StartsWith("0x"u8) ? Numbers.TryParseHex(value[2..], out flags) : Numbers.TryParseOctal(value, out flags);

    private static bool WritePermissions(ulong permissions, ref SpanWriter writer)
    {
        // A rule without permissions watches for all.
        if (permissions == 0) permissions = 15;
        ReadOnlySpan<byte> order = [4, 2, 1, 8];
        bool isFirst = true;
        foreach (byte bit in order)
        {
            if ((permissions & bit) == 0) continue;
            if (!isFirst) writer.Write(","u8);
            isFirst = false;
            writer.Write(bit switch { 4 => "read"u8, 2 => "write"u8, 1 => "exec"u8, _ => "attr"u8 });
        }
        return !isFirst;
    }

    private static bool WritePersonality(ulong personality, ref SpanWriter writer)
    {
        const ulong noRandomization = 0x40000;
        if (!WriteIfKnown(ProcessValues.Personalities, personality & 0xFF, ref writer)) return WriteUnknown("unknown-personality"u8, personality, ref writer);
        if ((personality & noRandomization) != 0) writer.Write("|~ADDR_NO_RANDOMIZE"u8);
        return true;
    }

    private static bool WriteSeccompAction(ulong code, ReadOnlySpan<byte> value, ref SpanWriter writer)
    {
        // The lower half is the action's data: an errno, a tracer's message.
        return WriteName(ProcessValues.SeccompActions, code & 0xFFFF0000, "unknown-seccomp-code("u8, value, ")"u8, ref writer);
    }

    private static bool TryWriteExit(in Field field, ref SpanWriter writer)
    {
        if (!field.TryGetInt64(out long exit) || exit is >= 0 or < -4095 || !WriteIfKnown(KernelValues.Errors, (ulong)-exit, ref writer)) return false;
        writer.Write("("u8);
        writer.Write(ErrorText((int)-exit));
        writer.Write(")"u8);
        return true;
    }

    private static byte[] ErrorText(int error)
    {
        if (error >= ErrorTexts.Length) return [];
        return ErrorTexts[error] ??= Encoding.UTF8.GetBytes(Marshal.GetPInvokeErrorMessage(error));
    }

    /// <summary><c>NAME(0x12)</c>. Always true.</summary>
    private static bool WriteUnknown(ReadOnlySpan<byte> name, ulong number, ref SpanWriter writer)
    {
        writer.Write(name);
        writer.Write("(0x"u8);
        writer.WriteHex(number);
        writer.Write(")"u8);
        return true;
    }
}
