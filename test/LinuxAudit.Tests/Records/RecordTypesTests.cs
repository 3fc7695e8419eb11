using System.Runtime.InteropServices;
using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public sealed class RecordTypesTests
{
    /// <summary>True when libaudit is installed: its table is the truth.</summary>
    public static bool HasLibrary { get; } = NativeLibrary.TryLoad("libaudit.so.1", out _);

    [DllImport("libaudit.so.1")]
    private static extern nint audit_msg_type_to_name(int type);

    [Fact(Skip = "needs libaudit.so.1 (package libaudit1)", SkipUnless = nameof(HasLibrary))]
    public void TryGetName_EveryNumber_EqualsLibaudit()
    {
        int named = 0;
        for (int i = 1000; i < 3000; i++)
        {
            string? theirs = Marshal.PtrToStringUTF8(audit_msg_type_to_name(i));
            string? ours = RecordTypes.TryGetName((RecordType)i, out ReadOnlySpan<byte> name) ? Lines.Text(name) : null;
            if (theirs is null) continue;
            named++;
            Assert.Equal(theirs, ours);
            Assert.True(RecordTypes.TryParse(name, out RecordType type));
            Assert.Equal(i, (int)type);
        }
        Assert.InRange(named, 195, 300);
    }

    [Theory]
    // Newer than audit 3.0.9.
    [InlineData("LANDLOCK_ACCESS", 1423)]
    [InlineData("MAC_TASK_CONTEXTS", 1425)]
    [InlineData("DM_CTRL", 1338)]
    [InlineData("SYSCALL", 1300)]
    [InlineData("UNKNOWN[1999]", 1999)]
    public void TryParse_Name_IsTheNumber(string name, int number)
    {
        Assert.True(RecordTypes.TryParse(Lines.Bytes(name), out RecordType type));
        Assert.Equal(number, (int)type);
    }

    [Theory]
    [InlineData("")]
    [InlineData("syscall")]
    [InlineData("UNKNOWN[]")]
    [InlineData("UNKNOWN[0]")]
    [InlineData("UNKNOWN[65536]")]
    [InlineData("UNKNOWN[12")]
    [InlineData("UNKNOWN[+1]")]
    public void TryParse_NoName_IsRefused(string name) => Assert.False(RecordTypes.TryParse(Lines.Bytes(name), out _));

    [Fact]
    public void RecordType_Numbers_AreThoseOfTheHeader() => Assert.Equal(
        [1006, 1100, 1107, 1124, 1199, 1300, 1302, 1305, 1306, 1307, 1309, 1318, 1319, 1320, 1323, 1325, 1326, 1327, 1334, 1336, 1337, 1400, 1701, 2000, 2100, 2999],
        new[]
        {
            RecordType.Login, RecordType.FirstUserMessage, RecordType.UserAvc, RecordType.UserTty, RecordType.LastUserMessage, RecordType.Syscall, RecordType.Path,
            RecordType.ConfigChange, RecordType.SocketAddress, RecordType.WorkingDirectory, RecordType.Execve, RecordType.ObjectPid, RecordType.Tty, RecordType.EndOfEvent,
            RecordType.Mmap, RecordType.NetfilterConfig, RecordType.Seccomp, RecordType.ProcessTitle, RecordType.Bpf, RecordType.UringOperation, RecordType.OpenAt2,
            RecordType.Avc, RecordType.AnomalyAbend, RecordType.Kernel, RecordType.FirstUserMessage2, RecordType.LastUserMessage2,
        }.Select(t => (int)t));
}
