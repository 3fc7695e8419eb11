using System.Security.Cryptography;
using System.Text;
using AksAuditd.Policy;

namespace AksAuditd.Tests.Policy;

public sealed class Sha256Tests
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void Hex_ExamplesOfTheStandard_AreRight(string text, string expected) => Assert.Equal(expected, Sha256.Hex(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Hex_EveryLengthAroundTheBlocks_EqualsTheFramework()
    {
        Random random = new(20261122);
        foreach (int length in Enumerable.Range(0, 300).Concat([1000, 4096, 65_537, 1_048_576]))
        {
            byte[] data = new byte[length];
            random.NextBytes(data);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(data)), Sha256.Hex(data));
        }
    }
}
