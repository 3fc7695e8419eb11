using AksAuditd.Events;
using AksAuditd.Events.Json;
using LinuxAudit.Records;

namespace AksAuditd.Tests.Events.Json;

public sealed class AllocationTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(1024)]
    public void Encode_Corpus_AllocatesNothingInTheSteadyState(int maxBytes)
    {
        byte[][] lines = Encoded.Corpus("small.log");
        EventAssembler assembler = new();
        EventFacts facts = new();
        Encoded encoded = new(new EncoderOptions { MaxBytes = maxBytes, NodeName = "node-1" });
        long written = 0;
        Run();
        Run();
        // A collection takes arrays from the shared pool, which then makes new ones, once. What an event allocates it allocates each time.
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            int events = Run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.InRange(events, 700, 900);
        }

        Assert.Equal(0, least);
        Assert.NotEqual(0, written);

        int Run()
        {
            int count = 0;
            foreach (byte[] line in lines)
            {
                assembler.Add(line);
                count += Take();
            }
            assembler.Flush();
            return count + Take();
        }

        int Take()
        {
            int count = 0;
            while (assembler.TryTake(out AuditEvent? e))
            {
                facts.Read(e);
                written += encoded.Encoder.Encode(e, facts, encoded.Context).Length;
                e.Dispose();
                count++;
            }
            return count;
        }
    }
}
