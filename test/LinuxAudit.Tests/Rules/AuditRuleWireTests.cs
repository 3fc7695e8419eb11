using System.Buffers.Binary;
using LinuxAudit.Rules;

namespace LinuxAudit.Tests.Rules;

public sealed class AuditRuleWireTests
{
    [Fact]
    public void ToWire_Rule_HasTheLayoutOfAuditRuleData()
    {
        byte[] data = Read.Rule("-a always,exit -F arch=b64 -S open,openat -F auid!=unset -k ab").ToWire();
        Assert.Equal(1042, data.Length);
        Assert.Equal((4u, 2u, 3u), (U32(data, 0), U32(data, 4), U32(data, 8)));
        Assert.Equal(1u << 2, U32(data, 12));
        Assert.Equal(1u << (257 - 256), U32(data, 12 + (4 * 8)));
        Assert.Equal((11u, 9u, 210u), (U32(data, 268), U32(data, 272), U32(data, 276)));
        Assert.Equal((0xC000003Eu, 0xFFFFFFFFu, 2u), (U32(data, 524), U32(data, 528), U32(data, 532)));
        Assert.Equal((0x40000000u, 0x30000000u, 0x40000000u), (U32(data, 780), U32(data, 784), U32(data, 788)));
        Assert.Equal(2u, U32(data, 1036));
        Assert.Equal("ab"u8, data.AsSpan(1040));
    }

    [Fact]
    public void ToWire_Prepended_HasTheFlag()
    {
        AuditRule rule = Read.Rule("-A never,exit -S all");
        Assert.Equal((0x14u, 4u), (U32(rule.ToWire(prepend: true), 0), U32(rule.ToWire(), 0)));
        Assert.True(AuditRule.TryFromWire(rule.ToWire(prepend: true), out AuditRule? decoded));
        Assert.Equal(rule, decoded);
    }

    [Fact]
    public void ToWire_AllSyscalls_LeavesTheKernelsClassBitsOut()
    {
        byte[] data = Read.Rule("-a always,exit -S all").ToWire();
        Assert.Equal((0xFFFFFFFFu, 0xFFFFu), (U32(data, 12), U32(data, 12 + (4 * 63))));
        data.AsSpan(12 + (4 * 63), 4).Fill(0xFF);
        Assert.True(AuditRule.TryFromWire(data, out AuditRule? decoded));
        Assert.True(decoded.Syscalls.IsAll);
    }

    [Theory]
    [InlineData(0, 2u)]
    [InlineData(4, 1u)]
    [InlineData(8, 65u)]
    [InlineData(1036, 3u)]
    [InlineData(532, 3u)]
    [InlineData(780, 0u)]
    public void TryFromWire_BrokenBytes_IsFalse(int offset, uint value)
    {
        byte[] data = Read.Rule("-a always,exit -F arch=b64 -S open -F auid!=unset -k ab").ToWire();
        Assert.True(AuditRule.TryFromWire(data, out _));
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(offset), value);
        Assert.False(AuditRule.TryFromWire(data, out _));
        Assert.False(AuditRule.TryFromWire(data.AsSpan(0, 1039), out _));
        Assert.False(AuditRule.TryFromWire([], out _));
    }

    [Fact]
    public void Constants_AreThoseOfTheHeader()
    {
        Assert.Equal([0u, 1, 4, 5, 6, 7], Enum.GetValues<FilterList>().Select(v => (uint)v));
        Assert.Equal([0u, 2], Enum.GetValues<RuleAction>().Select(v => (uint)v));
        Assert.Equal([0x08000000u, 0x10000000, 0x20000000, 0x30000000, 0x40000000, 0x48000000, 0x50000000, 0x60000000], Enum.GetValues<FieldOperator>().Select(v => (uint)v));
        Assert.Equal([0u, 1, 2, 4, 8], Enum.GetValues<FilePermissions>().Select(v => (uint)v));
        Assert.Equal([.. Enumerable.Range(0, 27).Select(i => (uint)i), .. Enumerable.Range(100, 14).Select(i => (uint)i), 200, 201, 202, 203, 210], Enum.GetValues<RuleField>().Select(v => (uint)v));
        Assert.Equal((uint[])[0x14u, 0x16, 0x40000003, 0x40000028, 0x80000015, 0x80000016, 0xC0000015, 0xC000003E, 0xC00000B7], Enum.GetValues<Machine>().Select(v => (uint)v).Order().ToArray());
        Assert.Equal((63, 256, 4095, 4096, 1040), (AuditRule.MaxFields, AuditRule.MaxKeyLength, AuditRule.MaxPathLength, AuditRule.MaxLabelLength, AuditRule.WireHeaderSize));
        Assert.Equal((2032, 64, 6143), (SyscallSet.Limit, SyscallSet.WordCount, RuleParser.MaxLineLength));
    }

    [Theory]
    [InlineData("uid=obj_uid", 1u)]
    [InlineData("fsgid=obj_gid", 9u)]
    [InlineData("uid=auid", 10u)]
    [InlineData("auid=euid", 16u)]
    [InlineData("suid=fsuid", 19u)]
    [InlineData("gid=egid", 20u)]
    [InlineData("sgid=fsgid", 25u)]
    public void Comparison_Numbers_AreThoseOfTheHeader(string text, uint number) =>
        Assert.Equal((RuleField.FieldCompare, number), Read.Rule("-a always,exit -C " + text).Fields[0] is { } f ? (f.Field, f.Value) : default);

    private static uint U32(byte[] data, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(offset));
}
