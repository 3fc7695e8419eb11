using System.Buffers.Binary;
using System.Numerics;

namespace AksAuditd.Policy;

/// <summary>
/// SHA-256 (FIPS 180-4) in managed code. The framework's needs OpenSSL, which would be loaded lazily from the node's root, cost megabytes for a few
/// kilobytes of rules, and have to be in the image: see <c>docs/decisions/node-root.md</c>. For comparing files, not for secrets.
/// </summary>
internal static class Sha256
{
    private const int BlockSize = 64;

    private static readonly uint[] RoundConstants = FractionalParts(64, Math.Cbrt);
    private static readonly uint[] InitialHash = FractionalParts(8, Math.Sqrt);

    /// <summary>The hash of <paramref name="data"/> as 64 lower-case hex digits.</summary>
    public static string Hex(ReadOnlySpan<byte> data)
    {
        Span<uint> state = stackalloc uint[8];
        InitialHash.CopyTo(state);
        ReadOnlySpan<byte> rest = data;
        for (; rest.Length >= BlockSize; rest = rest[BlockSize..]) Compress(state, rest[..BlockSize]);

        // The message, a 1 bit, zeros, and the length in bits in the last 8 bytes of a block.
        Span<byte> tail = stackalloc byte[2 * BlockSize];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        int blocks = rest.Length < BlockSize - 8 ? 1 : 2;
        BinaryPrimitives.WriteUInt64BigEndian(tail[(blocks * BlockSize - 8)..], (ulong)data.Length * 8);
        for (int i = 0; i < blocks; i++) Compress(state, tail.Slice(i * BlockSize, BlockSize));

        Span<byte> hash = stackalloc byte[32];
        for (int i = 0; i < 8; i++) BinaryPrimitives.WriteUInt32BigEndian(hash[(4 * i)..], state[i]);
        return Convert.ToHexStringLower(hash);
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[64];
        for (int i = 0; i < 16; i++) w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        for (int i = 16; i < 64; i++)
        {
            uint s0 = BitOperations.RotateRight(w[i - 15], 7) ^ BitOperations.RotateRight(w[i - 15], 18) ^ (w[i - 15] >> 3);
            uint s1 = BitOperations.RotateRight(w[i - 2], 17) ^ BitOperations.RotateRight(w[i - 2], 19) ^ (w[i - 2] >> 10);
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }

        uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
        for (int i = 0; i < 64; i++)
        {
            uint s1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            uint t1 = h + s1 + ((e & f) ^ (~e & g)) + RoundConstants[i] + w[i];
            uint s0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            uint t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    // The standard's constants: the first 32 bits of the fractional parts of roots of the first primes. A double has bits to spare.
    private static uint[] FractionalParts(int count, Func<double, double> root)
    {
        List<uint> parts = [];
        for (int n = 2; parts.Count < count; n++)
            if (!Enumerable.Range(2, n - 2).Any(d => n % d == 0)) parts.Add((uint)((root(n) - Math.Floor(root(n))) * 4294967296.0));
        return [.. parts];
    }
}
