using System.IO.Pipes;
using AksAuditd.Events.Delivery;

namespace AksAuditd.Tests.Events.Delivery;

public sealed class StdoutSinkTests
{
    [Fact]
    public void Send_PipeIsRead_ArrivesWhole()
    {
        using AnonymousPipeServerStream read = new(PipeDirection.In);
        using StdoutSink sink = new(Descriptor(read));
        sink.SendAll("one", "two");
        byte[] buffer = new byte[8];
        read.ReadExactly(buffer);
        Assert.Equal("one\ntwo\n"u8, buffer);
    }

    [Fact]
    public void Send_BlockingPipeIsFull_IsBusyAndDoesNotBlock()
    {
        using AnonymousPipeServerStream read = new(PipeDirection.In);
        using StdoutSink sink = new(Descriptor(read));
        string line = new('x', 9999);
        int taken = 0;
        SendState state = SendState.Sent;
        while (state == SendState.Sent)
        {
            state = sink.Send(new(Frames.Of(line)), out int n);
            taken += n;
        }

        // 64 KiB in pages that are not always full.
        Assert.Equal(SendState.Busy, state);
        Assert.InRange(taken, 4, 6);
        Task<byte[]> all = Task.Run(() =>
        {
            byte[] buffer = new byte[(taken + 1) * 10_000];
            read.ReadExactly(buffer);
            return buffer;
        });
        sink.SendAll(line);
        Assert.Equal(string.Concat(Enumerable.Repeat(line + "\n", taken + 1)), System.Text.Encoding.ASCII.GetString(all.Result));
    }

    [Fact]
    public void Send_ReaderHasGone_IsClosed()
    {
        AnonymousPipeServerStream read = new(PipeDirection.In);
        int descriptor = Descriptor(read);
        using StdoutSink sink = new(descriptor);
        read.SafePipeHandle.Dispose();
        Assert.Equal(SendState.Closed, sink.Send(new(Frames.Of("x")), out _));
        Assert.Equal(SendState.Closed, sink.Send(new(Frames.Of("x")), out _));
        Assert.StartsWith("write: ", sink.Error, StringComparison.Ordinal);
    }

    private static int Descriptor(AnonymousPipeServerStream read) => int.Parse(read.GetClientHandleAsString());
}
