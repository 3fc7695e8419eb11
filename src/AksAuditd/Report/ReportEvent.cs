using System.Buffers;

namespace AksAuditd.Report;

/// <summary>What the other side of a network call is to the process.</summary>
internal enum PeerKind
{
    /// <summary>The call has no internet address.</summary>
    None,

    /// <summary>The process connects or sends to it.</summary>
    Destination,

    /// <summary>It connects or sends to the process.</summary>
    Source,

    /// <summary>The process's own: it listens there.</summary>
    Server,
}

/// <summary>What aks-auditd said of itself, and not of the node.</summary>
internal enum NoticeCount
{
    /// <summary>It is an event of the node.</summary>
    None,

    /// <summary>Events were lost.</summary>
    Lost,

    /// <summary>Events were left out, over a budget.</summary>
    Suppressed,

    /// <summary>Lines were no records.</summary>
    Unreadable,

    /// <summary>It was started or stopped.</summary>
    Other,
}

/// <summary>What the report wants of one event. Made to be used again and again; texts are any bytes, empty when the event does not say.</summary>
internal sealed class ReportEvent
{
    /// <summary>Stands for a process that the event does not name.</summary>
    public const uint None = uint.MaxValue;

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public long Time { get; set; }

    /// <summary>The machine.</summary>
    public ArrayBufferWriter<byte> Node { get; } = new();

    /// <summary>The first key of the rule.</summary>
    public ArrayBufferWriter<byte> Key { get; } = new();

    /// <summary>What was done, as events.md has it: <c>executed</c>.</summary>
    public ArrayBufferWriter<byte> Action { get; } = new();

    public ArrayBufferWriter<byte> Executable { get; } = new();

    public ArrayBufferWriter<byte> ParentExecutable { get; } = new();

    /// <summary>The arguments of the program that was started, with spaces between; not all of very many.</summary>
    public ArrayBufferWriter<byte> CommandLine { get; } = new();

    /// <summary>The user at the time: a name, or else a number.</summary>
    public ArrayBufferWriter<byte> User { get; } = new();

    /// <summary>The user who had logged in: a name, or else a number.</summary>
    public ArrayBufferWriter<byte> Login { get; } = new();

    public ArrayBufferWriter<byte> Namespace { get; } = new();

    public ArrayBufferWriter<byte> Pod { get; } = new();

    /// <summary>The container's name in its pod.</summary>
    public ArrayBufferWriter<byte> ContainerName { get; } = new();

    /// <summary>The container's id; <c>host</c> and <c>unknown</c> as events.md has them.</summary>
    public ArrayBufferWriter<byte> Container { get; } = new();

    /// <summary>The internet address of the other side, or the own one (<see cref="Peer"/>).</summary>
    public ArrayBufferWriter<byte> Address { get; } = new();

    /// <summary>The sentence of a notice.</summary>
    public ArrayBufferWriter<byte> Message { get; } = new();

    public uint Pid { get; set; }

    public uint ParentPid { get; set; }

    /// <summary>0 to 65535.</summary>
    public long Port { get; set; }

    public PeerKind Peer { get; set; }

    /// <summary>Null when the event does not say.</summary>
    public bool? Success { get; set; }

    public NoticeCount Notice { get; set; }

    /// <summary>How many events or lines a notice is about.</summary>
    public long NoticeEvents { get; set; }

    /// <summary>Bytes of the records; 0 when there are none.</summary>
    public long RecordBytes { get; set; }

    /// <summary>Bytes of the event's line of JSON.</summary>
    public long JsonBytes { get; set; }

    /// <summary>True when a program was started.</summary>
    public bool IsProgramStart => Success == true && Action.WrittenSpan.SequenceEqual("executed"u8);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        foreach (ArrayBufferWriter<byte> text in Texts()) text.ResetWrittenCount();
        Time = Port = NoticeEvents = RecordBytes = JsonBytes = 0;
        Pid = ParentPid = None;
        (Peer, Notice, Success) = (PeerKind.None, NoticeCount.None, null);
    }

    private ReadOnlySpan<ArrayBufferWriter<byte>> Texts() =>
        (_texts ??= [Node, Key, Action, Executable, ParentExecutable, CommandLine, User, Login, Namespace, Pod, ContainerName, Container, Address, Message]);

    private ArrayBufferWriter<byte>[]? _texts;
}
