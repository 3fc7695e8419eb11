using System.Text;
using AksAuditd.Events.Delivery;

namespace AksAuditd.Tests.Events.Delivery;

public sealed class LineRingTests
{
    [Fact]
    public void TryAdd_Full_RefusesAndKeepsWhatIsThere()
    {
        LineRing ring = new(100);
        Assert.True(ring.TryAdd(new byte[38], 1));
        Assert.True(ring.TryAdd(new byte[38], 2));
        Assert.False(ring.TryAdd([], 3));
        Assert.Equal((100, 2), (ring.Used, ring.Count));
    }

    [Fact]
    public void Release_LastLine_BeginsFromTheFront()
    {
        LineRing ring = new(100);
        ring.TryAdd(new byte[48], 0);
        ring.Release(60, 1);
        Assert.True(ring.TryAdd(new byte[88], 0));
    }

    [Fact]
    public void TryAddAndRelease_AnyOrder_EqualsAQueue()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        LineRing ring = new(1000);
        Queue<string> model = new();
        int number = 0;
        for (int step = 0; step < 100_000; step++)
        {
            if (random.Next(2) == 0)
            {
                string line = $"{number++}{new string('x', random.Next(90))}";
                bool added = ring.TryAdd(Encoding.UTF8.GetBytes(line), line.Length);
                if (added) model.Enqueue(line);
                else Assert.True(ring.Used > 1000 - (3 * 110), $"seed {seed}, step {step}: refused with {ring.Used} bytes used");
            }
            else
            {
                ReadOnlySpan<byte> frames = ring.Peek();
                Assert.Equal(model.Count == 0, frames.IsEmpty);
                int count = random.Next(4);
                LineFrames walk = new(frames);
                int taken = 0;
                while (taken < count && walk.TryRead(out ReadOnlySpan<byte> line, out long time))
                {
                    string expected = model.Dequeue();
                    Assert.True(expected == Encoding.UTF8.GetString(line) && expected.Length == time, $"seed {seed}, step {step}");
                    taken++;
                }

                ring.Release(LineFrames.SizeOf(frames, taken), taken);
            }

            Assert.Equal(model.Count, ring.Count);
        }
    }
}
