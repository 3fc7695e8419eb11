using LinuxAudit.Records;

namespace AksAuditd.Events.Json;

/// <summary>Which of an event's records is what. The first of a type takes its place; a second of a type that should have one is among the others.</summary>
internal sealed class RecordIndex
{
    // BPRM_FCAPS
    private const RecordType ProgramCapabilities = (RecordType)1321;

    private int[] _paths = new int[8], _others = new int[8];

    public int PathCount { get; private set; }

    public int OtherCount { get; private set; }

    /// <summary>The record's number; -1 when there is none.</summary>
    public int WorkingDirectory { get; private set; }

    public int Title { get; private set; }

    public int Address { get; private set; }

    public int FirstArguments { get; private set; }

    /// <summary>That of a program's capabilities (<c>BPRM_FCAPS</c>), which is among the others too.</summary>
    public int Capabilities { get; private set; }

    public int Path(int index) => _paths[index];

    /// <summary>The number of a record without a place of its own.</summary>
    public int Other(int index) => _others[index];

    public void Read(AuditEvent auditEvent, EventFacts facts)
    {
        PathCount = OtherCount = 0;
        WorkingDirectory = Title = Address = FirstArguments = Capabilities = -1;
        for (int i = 0; i < auditEvent.Count; i++)
        {
            switch (auditEvent.TypeOf(i))
            {
                case RecordType.Syscall when facts.HasSyscall && i == facts.MainRecord: break;
                case RecordType.Path: Add(ref _paths, i, PathCount++); break;
                case RecordType.Execve:
                    if (FirstArguments < 0) FirstArguments = i;
                    break;
                case RecordType.WorkingDirectory when WorkingDirectory < 0: WorkingDirectory = i; break;
                case RecordType.ProcessTitle when Title < 0: Title = i; break;
                case RecordType.SocketAddress when Address < 0: Address = i; break;
                case var type:
                    if (type == ProgramCapabilities && Capabilities < 0) Capabilities = i;
                    Add(ref _others, i, OtherCount++);
                    break;
            }
        }
    }

    private static void Add(ref int[] list, int record, int count)
    {
        if (count == list.Length) Array.Resize(ref list, count * 2);
        list[count] = record;
    }
}
