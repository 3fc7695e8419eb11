using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

/// <summary>What an event says of its system call, and of arguments whose meaning follows from their value: written once for all events that have them.</summary>
internal sealed class SyscallFragments
{
    // A place for each call of two architectures; of values two that share a place make each other be written again.
    private const int Calls = 512, Values = 512;
    private const uint Is64Bit = 0x80000000;

    private readonly Call?[] _calls = new Call?[2 * Calls];
    private readonly Value[] _values = new Value[Values];

    private struct Value
    {
        public Call? Call;
        public int Argument, Length;
        public ulong Number;
        public byte[]? Json;
    }

    /// <summary>A system call of an architecture.</summary>
    public sealed class Call
    {
        public required uint Architecture { get; init; }

        public required int Number { get; init; }

        /// <summary>The action's member, a comma before it; null when more than the call decides it.</summary>
        public required byte[]? Action { get; init; }

        /// <summary>The name; null when no table knows the call.</summary>
        public required byte[]? Name { get; init; }

        /// <summary>True for <c>execve</c>.</summary>
        public required bool IsExec { get; init; }

        /// <summary>True when the action is <c>executed</c>.</summary>
        public required bool StartsProgram { get; init; }

        /// <summary>
        /// Which of the first four arguments are directories that relative names start from, a bit for each; all that may be of a call no table knows.
        /// </summary>
        public required int Directories { get; init; }

        /// <summary>What the meanings of the first four arguments follow from.</summary>
        public required ArgumentMeaning[] Meanings { get; init; }
    }

    public Call Of(uint architecture, int syscall)
    {
        ref Call? call = ref _calls[(uint)syscall % Calls + ((architecture & Is64Bit) != 0 ? 0 : Calls)];
        if (call is null || call.Number != syscall || call.Architecture != architecture) call = Make(architecture, syscall);
        return call;
    }

    /// <summary>The member of an argument whose meaning follows from its value; empty when there is nothing to say.</summary>
    public bool TryGet(Call call, int argument, ulong value, out ReadOnlySpan<byte> json)
    {
        ref Value entry = ref _values[Place(argument, value)];
        bool found = entry.Call == call && entry.Number == value && entry.Argument == argument;
        json = found ? entry.Json.AsSpan(0, entry.Length) : default;
        return found;
    }

    public void Set(Call call, int argument, ulong value, ReadOnlySpan<byte> json)
    {
        ref Value entry = ref _values[Place(argument, value)];
        if (entry.Json is null || entry.Json.Length < json.Length) entry.Json = new byte[Math.Max(64, json.Length)];
        json.CopyTo(entry.Json);
        (entry.Call, entry.Argument, entry.Number, entry.Length) = (call, argument, value, json.Length);
    }

    private static uint Place(int argument, ulong value) => (uint)((value * 4 + (uint)argument) * 0x9E3779B97F4A7C15 >> 32) % Values;

    private static Call Make(uint architecture, int syscall)
    {
        bool isKnown = Interpreter.TryGetSyscall(architecture, syscall, out ReadOnlySpan<byte> name);
        int directories = Interpreter.DirectoryArguments(architecture, syscall);
        return new Call
        {
            Architecture = architecture,
            Number = syscall,
            // Words of our tables: nothing in them needs an escape.
            Action = EventSummarizer.TryGetAction(architecture, syscall, out ReadOnlySpan<byte> action) ? [.. ",\"action\":\""u8, .. action, (byte)'"'] : null,
            Name = isKnown ? name.ToArray() : null,
            StartsProgram = action.SequenceEqual("executed"u8),
            IsExec = isKnown && name.SequenceEqual("execve"u8),
            Directories = isKnown || directories != 0 ? directories : 0b1111,
            Meanings =
            [
                Interpreter.MeaningOf(architecture, syscall, 0), Interpreter.MeaningOf(architecture, syscall, 1),
                Interpreter.MeaningOf(architecture, syscall, 2), Interpreter.MeaningOf(architecture, syscall, 3),
            ],
        };
    }
}
