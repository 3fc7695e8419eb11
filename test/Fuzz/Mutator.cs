using System.Text;

namespace Fuzz;

/// <summary>Makes texts from good ones: a piece is put in, left out, said twice, moved, or a byte changes.</summary>
internal static class Mutator
{
    /// <summary>What was made last, for the report of a finding.</summary>
    public static byte[] Last { get; private set; } = [];

    /// <summary>One of <paramref name="texts"/> after up to six mutations, most of them with one of <paramref name="pieces"/>.</summary>
    public static byte[] Text(Random random, string[] texts, string[] pieces)
    {
        List<byte> bytes = [.. Encoding.UTF8.GetBytes(texts[random.Next(texts.Length)])];
        for (int n = random.Next(7); n > 0; n--)
        {
            int at = random.Next(bytes.Count + 1), left = bytes.Count - at;
            switch (random.Next(7))
            {
                case 0 or 1: bytes.InsertRange(at, Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)])); break;
                case 2: bytes.RemoveRange(at, Math.Min(left, random.Next(1, 12))); break;
                case 3 when left > 0: bytes[at] = (byte)random.Next(256); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(left, random.Next(1, 60)))); break;
                case 5: bytes.InsertRange(at, Encoding.UTF8.GetBytes(texts[random.Next(texts.Length)])); break;
                default:
                    if (random.Next(100) == 0) bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(32, 127), random.Next(10_000)));
                    break;
            }
        }

        return Last = [.. bytes];
    }

    /// <summary>Bytes with some of them, or some of their 32-bit numbers, changed, cut off, or more behind them.</summary>
    public static byte[] Bytes(Random random, byte[] bytes)
    {
        byte[] result = [.. bytes];
        for (int n = random.Next(5); n > 0 && result.Length >= 4; n--)
        {
            int at = random.Next(result.Length - 3);
            switch (random.Next(4))
            {
                case 0: result[at] = (byte)random.Next(256); break;
                case 1: BitConverter.TryWriteBytes(result.AsSpan(at & ~3), (uint)(random.Next(2) == 0 ? random.Next(80) : random.NextInt64(1L << 32))); break;
                case 2: result = result[..at]; break;
                default:
                    byte[] more = new byte[random.Next(64)];
                    random.NextBytes(more);
                    result = [.. result, .. more];
                    break;
            }
        }

        return Last = result;
    }
}
