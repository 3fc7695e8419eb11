using System.Numerics;
using System.Runtime.InteropServices;

namespace AksAuditd.Events;

/// <summary>Actors seen lately, by the bytes of their record. Two that share a place make each other be read again.</summary>
internal sealed class ActorTable
{
    // Programs times users times keys that a node has at a time; longer records are an attacker's.
    public const int Places = 512;

    private const int LongestRecord = 1024;

    private readonly Actor?[] _actors = new Actor?[Places];
    private Actor? _last;

    /// <summary>The actor of the bytes. False when it has to be read; null when it is not to be kept.</summary>
    public bool TryGet(ReadOnlySpan<byte> record, out Actor? actor)
    {
        actor = null;
        if (record.Length > LongestRecord) return false;
        // Mostly it is that of the event before.
        if (_last is not null && _last.Is(record))
        {
            actor = _last;
            return true;
        }

        int place = (int)(Hash(record) & (Places - 1));
        actor = _actors[place] ??= new Actor(place);
        if (!actor.Is(record)) return false;
        _last = actor;
        return true;
    }

    public static uint Hash(ReadOnlySpan<byte> bytes)
    {
        uint hash = (uint)bytes.Length, other = 0;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        // Two at a time: neither waits for the other.
        int at = 1;
        for (; at < words.Length; at += 2)
        {
            hash = BitOperations.Crc32C(hash, words[at - 1]);
            other = BitOperations.Crc32C(other, words[at]);
        }

        if (at == words.Length) other = BitOperations.Crc32C(other, words[^1]);
        // The rest, with some that had their turn.
        if (bytes.Length >= sizeof(ulong)) hash = BitOperations.Crc32C(hash, MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..]));
        else
            foreach (byte b in bytes) hash = BitOperations.Crc32C(hash, b);
        return BitOperations.Crc32C(hash, other);
    }
}
