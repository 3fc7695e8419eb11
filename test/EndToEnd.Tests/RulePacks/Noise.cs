using System.Runtime.InteropServices;
using EndToEnd.Tests.Support;
using LinuxAudit.Interop;
using LinuxAudit.Kernel;
using LinuxAudit.Rules;

namespace EndToEnd.Tests.RulePacks;

/// <summary>How the record types come about that the packs leave out.</summary>
internal static class Noise
{
    private const int BpfLoad = 5;

    /// <summary>By record type.</summary>
    public static IReadOnlyDictionary<ushort, Action> All { get; } = new Dictionary<ushort, Action>
    {
        [1334] = LoadBpf,
        [1325] = () => AuditMachine.Run("unshare", "-n", "iptables", "-N", "AKSAUDITD"),
        [2404] = () => UserMessage(2404),
        [2407] = () => UserMessage(2407),
        [1130] = () => UserMessage(1130),
        [1131] = () => UserMessage(1131),
    };

    /// <summary>A message of a type that programs may write.</summary>
    public static void UserMessage(ushort type)
    {
        using AuditClient client = AuditClient.Open();
        Assert.Equal(Errno.None, client.SendUserMessage(type, "op=noise"u8));
    }

    /// <summary>A socket filter of two instructions, "return 0", loaded and closed.</summary>
    public static void LoadBpf()
    {
        using RawCalls calls = new();
        byte[] attributes = new byte[128];
        BitConverter.TryWriteBytes(attributes.AsSpan(0), 1);
        BitConverter.TryWriteBytes(attributes.AsSpan(4), 2);
        BitConverter.TryWriteBytes(attributes.AsSpan(8), (long)calls.Bytes([0xB7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0]));
        BitConverter.TryWriteBytes(attributes.AsSpan(16), (long)calls.Text("GPL"));
        long program = calls.Call(Machines.Current, "bpf", BpfLoad, calls.Bytes(attributes), 128);
        Assert.True(program >= 0, $"bpf: {Marshal.GetLastPInvokeError()}");
        calls.Call(Machines.Current, "close", (nint)program);
    }
}
