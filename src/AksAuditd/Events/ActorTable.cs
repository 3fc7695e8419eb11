using System.Runtime.InteropServices;

namespace AksAuditd.Events;

/// <summary>Actors seen lately, by the bytes of their record. Two that share a place make each other be read again.</summary>
internal sealed class ActorTable
{
    // Programs times users times keys that a node has at a time; longer records are an attacker's.
    public const int Places = 512;

    private const int LongestRecord = 1024;

    private readonly Actor?[] _actors = new Actor?[Places];

    /// <summary>The actor of the bytes. False when it has to be read; null when it is not to be kept.</summary>
    public bool TryGet(ReadOnlySpan<byte> record, out Actor? actor)
    {
        actor = null;
        if (record.Length > LongestRecord) return false;
        int place = (int)(Hash(record) & (Places - 1));
        actor = _actors[place] ??= new Actor(place);
        return actor.Is(record);
    }

    public static uint Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = (ulong)bytes.Length, other = 0;
        int at = 0;
        // Two at a time: neither waits for the other's multiplication.
        for (; at <= bytes.Length - 2 * sizeof(ulong); at += 2 * sizeof(ulong))
        {
            hash = (hash ^ Read(bytes, at)) * Factor;
            other = (other ^ Read(bytes, at + sizeof(ulong))) * Factor;
            hash ^= hash >> 32;
            other ^= other >> 29;
        }
        if (bytes.Length >= 2 * sizeof(ulong))
        {
            // The rest, with some that had their turn.
            hash = (hash ^ Read(bytes, bytes.Length - 2 * sizeof(ulong))) * Factor;
            other = (other ^ Read(bytes, bytes.Length - sizeof(ulong))) * Factor;
        }
        else
            foreach (byte b in bytes) hash = (hash ^ b) * Factor;
        hash ^= hash >> 32 ^ other ^ other >> 31;
        return (uint)(hash ^ hash >> 32);
    }

    private const ulong Factor = 0x9E3779B97F4A7C15;

    private static ulong Read(ReadOnlySpan<byte> bytes, int at) => MemoryMarshal.Read<ulong>(bytes[at..]);
}
