using System.Buffers.Binary;
using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public sealed class AudispFrameTests
{
    private static byte[] Frame(uint version, uint type, ReadOnlySpan<byte> data)
    {
        byte[] frame = new byte[8986];
        // What stands behind the data is whatever auditd's memory held: here what may look like a header.
        frame.AsSpan().Fill(16);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, version);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), 16);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), type);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12), (uint)data.Length);
        data.CopyTo(frame.AsSpan(16));
        return frame;
    }

    [Fact]
    public void TryRead_KernelMessage_HasItsRecord()
    {
        byte[] bytes = [.. Frame(0, 1300, "audit(1.000:1): arch=c000003e"u8), 1, 2];
        Assert.True(AudispFrame.TryRead(bytes, out AudispFrame frame, out int consumed));
        Assert.Equal(8986, consumed);
        Assert.True(frame.TryGetRecord(out AuditRecord record));
        Assert.Equal((RecordType.Syscall, "arch=c000003e"), (record.Type, Lines.Text(record.Body)));
    }

    [Fact]
    public void TryRead_Line_HasItsRecord()
    {
        Assert.True(AudispFrame.TryRead(Frame(1, 1307, "node=n type=CWD msg=audit(1.000:1): cwd=\"/\""u8), out AudispFrame frame, out _));
        Assert.True(frame.TryGetRecord(out AuditRecord record));
        Assert.Equal((RecordType.WorkingDirectory, "n"), (record.Type, Lines.Text(record.Node)));
    }

    [Fact]
    public void TryRead_PartOfAFrame_WaitsForMore()
    {
        byte[] frame = Frame(0, 1300, "audit(1.000:1): "u8);
        for (int length = 0; length < 8986; length++)
        {
            Assert.False(AudispFrame.TryRead(frame.AsSpan(0, length), out _, out int consumed));
            Assert.Equal(0, consumed);
        }
    }

    [Fact]
    public void TryRead_NoFrame_SaysTheStreamIsLost()
    {
        byte[] frame = Frame(0, 1300, "x"u8);
        frame[4] = 17;
        Assert.False(AudispFrame.TryRead(frame, out _, out int consumed));
        Assert.Equal(-1, consumed);
    }

    [Fact]
    public void TryRead_SizeBeyondTheFrame_IsTheFramesData()
    {
        byte[] frame = Frame(0, 1300, "x"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12), uint.MaxValue);
        Assert.True(AudispFrame.TryRead(frame, out AudispFrame read, out int consumed));
        Assert.Equal((8970, 8986), (read.Data.Length, consumed));
    }
}
