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
        ulong hash = (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(bytes)) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte b in bytes) hash = (hash ^ b) * 0x100000001B3;
        return (uint)(hash ^ hash >> 32);
    }
}
