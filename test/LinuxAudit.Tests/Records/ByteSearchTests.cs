using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public class ByteSearchTests
{
    [Fact]
    public void IndexOf_EveryPlaceInEveryLength_IsTheFirst()
    {
        for (int length = 0; length <= 200; length++)
        {
            byte[] around = new byte[length + 2];
            // What is before and behind the text is not the text's.
            around[0] = around[^1] = (byte)'\n';
            Span<byte> text = around.AsSpan(1, length);
            Assert.Equal(-1, ByteSearch.IndexOf(text, (byte)'\n'));
            for (int place = 0; place < length; place++)
            {
                text.Clear();
                text[place] = (byte)'\n';
                text[^1] = (byte)'\n';
                Assert.Equal(place, ByteSearch.IndexOf(text, (byte)'\n'));
            }

            text.Clear();
        }
    }
}
