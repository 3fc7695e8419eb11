using System.Numerics;
using System.Runtime.InteropServices;

namespace LinuxAudit.Rules;

/// <summary>The system calls (or io_uring operations) a rule is for: numbers 0 to 2031. Immutable; equal when they hold the same numbers.</summary>
/// <remarks>
/// The mask of <c>audit_rule_data</c> has 2048 bits. The kernel keeps the upper 16 for classes of calls of its own, clears them and lists "all" with
/// them cleared, so they count for nothing here.
/// </remarks>
public sealed class SyscallSet : IEquatable<SyscallSet>
{
    /// <summary>One more than the highest number.</summary>
    public const int Limit = 2032;

    /// <summary>Number of 32-bit words of the mask: <c>AUDIT_BITMASK_SIZE</c>.</summary>
    public const int WordCount = 64;

    private readonly uint[] _words;

    private SyscallSet(uint[] words)
    {
        _words = words;
        foreach (uint word in words) Count += BitOperations.PopCount(word);
    }

    /// <summary>No system call: what the lists without system calls have.</summary>
    public static SyscallSet None { get; } = new(new uint[WordCount]);

    /// <summary>Every system call.</summary>
    public static SyscallSet All { get; } = FromWords([.. Enumerable.Repeat(uint.MaxValue, WordCount)]);

    /// <summary>Whether every number is in the set.</summary>
    public bool IsAll => Count == Limit;

    /// <summary>Whether no number is in the set.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>How many numbers are in the set.</summary>
    public int Count { get; }

    /// <summary>The numbers, ascending.</summary>
    public IEnumerable<int> Numbers
    {
        get
        {
            for (int i = 0; i < WordCount; i++)
            {
                for (uint word = _words[i]; word != 0; word &= word - 1)
                    yield return (32 * i) + BitOperations.TrailingZeroCount(word);
            }
        }
    }

    /// <summary>The set of these numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is not in 0 to 2031.</exception>
    public static SyscallSet Of(params IEnumerable<int> numbers)
    {
        uint[] words = new uint[WordCount];
        foreach (int number in numbers)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Limit);
            words[number >> 5] |= 1u << (number & 31);
        }

        return new SyscallSet(words);
    }

    /// <summary>The set a kernel mask stands for.</summary>
    /// <exception cref="ArgumentException">There are not 64 words.</exception>
    public static SyscallSet FromWords(ReadOnlySpan<uint> words)
    {
        if (words.Length != WordCount) throw new ArgumentException("a mask has 64 words", nameof(words));
        uint[] copy = words.ToArray();
        copy[^1] &= 0xFFFF;
        return new SyscallSet(copy);
    }

    /// <summary>Whether the number is in the set.</summary>
    public bool Contains(int number) => (uint)number < Limit && (_words[number >> 5] & (1u << (number & 31))) != 0;

    /// <summary>Whether every number of the other set is in this one.</summary>
    public bool Includes(SyscallSet other)
    {
        for (int i = 0; i < WordCount; i++)
            if ((other._words[i] & ~_words[i]) != 0) return false;
        return true;
    }

    /// <summary>The mask, as the kernel lists it.</summary>
    public void CopyTo(Span<uint> words) => _words.CopyTo(words);

    /// <inheritdoc/>
    public bool Equals(SyscallSet? other) => other is not null && (ReferenceEquals(this, other) || _words.AsSpan().SequenceEqual(other._words));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SyscallSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(MemoryMarshal.AsBytes(_words.AsSpan()));
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => IsAll ? "all" : string.Join(',', Numbers);
}
