namespace LinuxAudit.Records;

public sealed partial class Interpreter
{
    /// <summary>The name of a user; valid until the next look-up. False when there is none.</summary>
    public bool TryGetUser(uint uid, out ReadOnlySpan<byte> name) => _identities.TryGetUser(uid, out name);

    /// <summary>The name of a group; valid until the next look-up. False when there is none.</summary>
    public bool TryGetGroup(uint gid, out ReadOnlySpan<byte> name) => _identities.TryGetGroup(gid, out name);

    /// <summary>The name of a system call, valid as long as the program runs. False when no table knows it.</summary>
    public static bool TryGetSyscall(uint architecture, int syscall, out ReadOnlySpan<byte> name)
    {
        name = default;
        return syscall >= 0 && Architectures.Syscalls(architecture) is ValueNames names && names.TryGet((ulong)syscall, out name);
    }

    /// <summary>The name of an architecture, a value of <c>AUDIT_ARCH_*</c>; valid as long as the program runs. False when no table knows it.</summary>
    public static bool TryGetArchitecture(uint architecture, out ReadOnlySpan<byte> name) => Architectures.Names.TryGet(architecture, out name);

    /// <summary>The name of the error a system call returned, <c>ENOENT</c> for -2; valid as long as the program runs. False for other numbers.</summary>
    public static bool TryGetError(long exit, out ReadOnlySpan<byte> name)
    {
        name = default;
        return exit is < 0 and >= -4095 && KernelValues.Errors.TryGet((ulong)-exit, out name);
    }

    /// <summary>Writes what an argument of a system call means: flags, a signal, a user.</summary>
    /// <param name="context">The context of the system call's record.</param>
    /// <param name="argument">Which one, from 0 to 3.</param>
    /// <param name="destination">1,024 bytes always suffice.</param>
    /// <param name="written">How many bytes were written; 0 when false.</param>
    /// <returns>False when it means nothing but its number, or when <paramref name="destination"/> is too small.</returns>
    public bool TryInterpretArgument(in RecordContext context, int argument, Span<byte> destination, out int written)
    {
        written = 0;
        ArgumentKind kind = ArgumentKinds.Of(context.Architecture, context.Syscall, argument);
        if (kind == ArgumentKind.None) return false;
        SpanWriter writer = new(destination);
        if (!TryWriteArgument(context, kind, argument, context.Argument(argument), ref writer) || writer.Overflowed) return false;
        written = writer.Length;
        return true;
    }

    /// <summary>What the meaning of an argument, 0 to 3, of a system call follows from (<see cref="TryInterpretArgument"/>).</summary>
    public static ArgumentMeaning MeaningOf(uint architecture, int syscall, int argument) => ArgumentKinds.Of(architecture, syscall, argument) switch
    {
        ArgumentKind.None => ArgumentMeaning.None,
        ArgumentKind.CreateMode => ArgumentMeaning.ValueOfNewFile,
        ArgumentKind.FcntlArgument or ArgumentKind.PrctlArgument or ArgumentKind.OptionName or ArgumentKind.User or ArgumentKind.Group => ArgumentMeaning.Other,
        _ => ArgumentMeaning.Value,
    };

    /// <summary>True when flags of <c>open</c> and its like create a file, so that the argument after them is its mode.</summary>
    public static bool CreatesFile(ulong flags) => (flags & OpenCreates) != 0;

    /// <summary>
    /// Which of the first four arguments of a system call are descriptors of directories that relative names start from: a bit for each, the lowest for
    /// the first; 0 when there is none, or no table knows the call.
    /// </summary>
    public static int DirectoryArguments(uint architecture, int syscall) => Records.DirectoryArguments.Of(architecture, syscall);
}
