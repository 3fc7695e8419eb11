using System.Runtime.CompilerServices;

namespace LinuxAudit.Records;

/// <summary>A place in a line. Nothing is read without asking how much is left; a read that fails leaves the place where it was.</summary>
internal ref struct RecordCursor(ReadOnlySpan<byte> bytes)
{
    /// <summary>What has not been read.</summary>
    internal ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    /// <summary>Skips <paramref name="text"/> when it comes next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TrySkip(ReadOnlySpan<byte> text)
    {
        if (!Rest.StartsWith(text)) return false;
        Rest = Rest[text.Length..];
        return true;
    }

    /// <summary>Skips bytes that have been looked at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Skip(int count) => Rest = Rest[count..];

    /// <summary>Reads up to <paramref name="delimiter"/>, at most <paramref name="limit"/> bytes, and skips the delimiter.</summary>
    internal bool TryReadTo(byte delimiter, out ReadOnlySpan<byte> text, int limit = 1024)
    {
        // The limit keeps a line without the delimiter from being searched to its end.
        ReadOnlySpan<byte> window = Rest.Length > limit ? Rest[..(limit + 1)] : Rest;
        int end = window.IndexOf(delimiter);
        text = end < 0 ? default : window[..end];
        if (end < 0) return false;
        Rest = Rest[(end + 1)..];
        return true;
    }
}
