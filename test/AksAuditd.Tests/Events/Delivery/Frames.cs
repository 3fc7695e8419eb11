using System.Text;
using AksAuditd.Events.Delivery;

namespace AksAuditd.Tests.Events.Delivery;

/// <summary>Lines as a sink gets them, and sinks driven by hand.</summary>
internal static class Frames
{
    public static byte[] Of(params string[] lines)
    {
        using MemoryStream all = new();
        foreach (string line in lines)
        {
            byte[] frame = new byte[LineFrames.HeaderSize + Encoding.UTF8.GetByteCount(line)];
            LineFrames.Write(frame, Encoding.UTF8.GetBytes(line), 1_795_319_045_123_456);
            all.Write(frame);
        }

        return all.ToArray();
    }

    /// <summary>Sends until all is taken; fails when it goes on for too long.</summary>
    public static void SendAll(this ISink sink, params string[] lines)
    {
        byte[] frames = Of(lines);
        for (int attempt = 0; frames.Length > 0; attempt++)
        {
            SendState state = sink.Send(new(frames), out int taken);
            frames = frames[LineFrames.SizeOf(frames, taken)..];
            Assert.True(attempt < 2000 && state is SendState.Sent or SendState.Busy or SendState.Down, $"{state} {sink.Error}");
            if (state != SendState.Sent) Thread.Sleep(5);
        }
    }
}
