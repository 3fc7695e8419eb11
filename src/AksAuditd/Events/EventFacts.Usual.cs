using System.Runtime.CompilerServices;

namespace AksAuditd.Events;

/// <content>
/// The first part of a system call's record as the kernel nearly always writes it: twelve fields, in this order, one space between. What is written in
/// any other way is read field by field, with the same result.
/// </content>
internal sealed partial class EventFacts
{
    private const uint SeenInUsual = 1u << (int)FactField.Architecture | 1u << (int)FactField.Syscall | 1u << (int)FactField.Success | 1u << (int)FactField.Exit
        | 0xFu << (int)FactField.Argument0 | 1u << (int)FactField.Items | 1u << (int)FactField.ParentPid | 1u << (int)FactField.Pid;

    /// <summary>False, with nothing changed but numbers that are to be cleared, when the record is another.</summary>
    /// <param name="end">Where the second part begins, with a space.</param>
    private bool TryReadUsual(ReadOnlySpan<byte> body, out int end)
    {
        ReadOnlySpan<byte> rest = body;
        end = 0;
        if (!TryTakeHex(ref rest, "arch="u8, out ulong architecture) || architecture > uint.MaxValue
            || !TryTakeNumber(ref rest, " syscall="u8, out ulong syscall) || syscall > int.MaxValue) return false;
        if (rest.StartsWith(" success=yes"u8)) Success = true;
        else if (rest.StartsWith(" success=no "u8)) Success = false;
        else return false;
        rest = rest[(Success.Value ? " success=yes" : " success=no").Length..];
        if (!rest.StartsWith(" exit="u8)) return false;
        rest = rest[" exit=".Length..];
        bool isNegative = rest.StartsWith((byte)'-');
        if (isNegative) rest = rest[1..];
        if (!LeadingDigits.TryTakeDecimal(ref rest, out ulong exit)
            || !TryTakeHex(ref rest, " a0="u8, out _arguments[0]) || !TryTakeHex(ref rest, " a1="u8, out _arguments[1])
            || !TryTakeHex(ref rest, " a2="u8, out _arguments[2]) || !TryTakeHex(ref rest, " a3="u8, out _arguments[3])
            || !TryTakeNumber(ref rest, " items="u8, out ulong items) || items > uint.MaxValue
            || !TryTakeNumber(ref rest, " ppid="u8, out ulong parent) || parent > uint.MaxValue
            || !TryTakeNumber(ref rest, " pid="u8, out ulong pid) || pid > uint.MaxValue
            || !rest.StartsWith(" auid="u8)) return false;
        Architecture = (uint)architecture;
        Syscall = (int)syscall;
        Exit = isNegative ? -(long)exit : (long)exit;
        _items = (uint)items;
        ParentPid = (uint)parent;
        Pid = (uint)pid;
        _seen = SeenInUsual;
        end = body.Length - rest.Length;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTakeNumber(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> name, out ulong number)
    {
        number = 0;
        if (!rest.StartsWith(name)) return false;
        rest = rest[name.Length..];
        return LeadingDigits.TryTakeDecimal(ref rest, out number);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTakeHex(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> name, out ulong number)
    {
        number = 0;
        if (!rest.StartsWith(name)) return false;
        rest = rest[name.Length..];
        return LeadingDigits.TryTakeHex(ref rest, out number);
    }
}
