using System.Buffers.Binary;
using System.Text;
using LinuxAudit.Kernel;

namespace TestSupport;

/// <summary>Rules put together byte by byte from <c>struct audit_rule_data</c>, independent of the rule language.</summary>
internal static class RuleBytes
{
    public const uint User = 0, TaskList = 1, Exit = 4, Exclude = 5, FileSystem = 6;
    public const uint Never = 0, Always = 2;
    public const uint Pid = 0, Uid = 1, Arch = 11, MessageType = 12, Watch = 105, Perm = 106, Dir = 107, Exe = 112, Key = 210, Arg0 = 200;
    public const uint Equal = 0x40000000, NotEqual = 0x30000000, GreaterOrEqual = 0x60000000;
    public const uint X8664 = 0xC000003E;
    public const int Execve = 59, Openat = 257;

    /// <summary>One field: an operator and a number.</summary>
    public static (uint, uint, uint, string?) Number(uint type, uint op, uint value) => (type, op, value, null);

    /// <summary>One field: equal to a string.</summary>
    public static (uint, uint, uint, string?) Text(uint type, string text) => (type, Equal, (uint)Encoding.UTF8.GetByteCount(text), text);

    /// <summary>A rule for <paramref name="syscalls"/>; none of them named means all, as <c>-S all</c> does.</summary>
    public static KernelRule Rule(uint list, uint action, int[] syscalls, params (uint Type, uint Op, uint Value, string? Text)[] fields)
    {
        byte[] strings = Encoding.UTF8.GetBytes(string.Concat(fields.Select(f => f.Text)));
        byte[] data = new byte[1040 + strings.Length];
        void Put(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(offset), value);
        Put(0, list);
        Put(4, action);
        Put(8, (uint)fields.Length);
        // As auditctl does when no syscall is named: every bit but those of the last word, which are classes of syscalls.
        if (syscalls.Length == 0) data.AsSpan(12, 252).Fill(0xff);
        foreach (int syscall in syscalls) data[12 + syscall / 8] |= (byte)(1 << syscall % 8);
        for (int i = 0; i < fields.Length; i++)
        {
            Put(268 + 4 * i, fields[i].Type);
            Put(524 + 4 * i, fields[i].Value);
            Put(780 + 4 * i, fields[i].Op);
        }
        Put(1036, (uint)strings.Length);
        strings.CopyTo(data, 1040);
        return new KernelRule(data);
    }

    /// <summary><c>-a ACTION,exit -F arch=b64 -S execve -F a0=N -F key=K</c>: as many different rules as there are numbers.</summary>
    public static KernelRule Numbered(uint number, uint action = Always, uint list = Exit, string key = "numbered") => list switch
    {
        Exclude => Rule(list, action, [], Number(MessageType, Equal, 1100 + number)),
        User or TaskList => Rule(list, action, [], Number(Uid, Equal, 100_000 + number), Text(Key, key)),
        _ => Rule(list, action, [Execve], Number(Arch, Equal, X8664), Number(Arg0, Equal, number), Text(Key, key)),
    };

    /// <summary>The number of a rule of the exit, user or task list made by <see cref="Numbered"/>, or of its understudy.</summary>
    public static uint NumberOf(KernelRule rule)
    {
        uint Get(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(rule.Data.Span[offset..]);
        int field = Enumerable.Range(0, (int)Get(8)).First(i => Get(268 + 4 * i) is Arg0 or Uid);
        return Get(524 + 4 * field) - (Get(268 + 4 * field) == Uid ? 100_000u : 0);
    }

    /// <summary><c>-w PATH -p wa -k watch</c>.</summary>
    public static KernelRule PathWatch(string path) => Rule(Exit, Always, [], Text(Watch, path), Number(Perm, Equal, 2 | 8), Text(Key, "watch"));
}
