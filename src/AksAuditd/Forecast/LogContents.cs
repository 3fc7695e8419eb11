using System.Text;
using AksAuditd.Events;
using LinuxAudit.Rules;

namespace AksAuditd.Forecast;

/// <summary>What a log has at all: the keys of the rules that wrote it, and the system calls.</summary>
internal sealed class LogContents
{
    private readonly HashSet<byte[]> _keys = new(ByteComparer.Instance);
    private readonly HashSet<(uint Architecture, int Syscall)> _calls = [];

    /// <summary>An event is in it.</summary>
    public void Saw(EventFacts facts)
    {
        for (int i = 0; i < facts.KeyCount; i++)
            if (!_keys.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(facts.Key(i))) _keys.Add(facts.Key(i).ToArray());
        if (facts.HasSyscall) _calls.Add((facts.Architecture, facts.Syscall));
    }

    /// <summary>Whether an event has this key, so that a rule with it was asked.</summary>
    public bool HasKey(string key) => _keys.Contains(Encoding.UTF8.GetBytes(key));

    /// <summary>The system calls that a rule names and no event has; none for a rule that is for all calls.</summary>
    public IReadOnlyList<string> Missing(AuditRule rule)
    {
        if (rule.List != FilterList.Exit || rule.Syscalls.IsAll) return [];
        Machine machine = rule.Arch ?? Machines.Current;
        List<string> missing = [];
        foreach (int number in rule.Syscalls.Numbers)
            if (!_calls.Contains(((uint)machine, number))) missing.Add(machine.SyscallName(number) ?? $"{number}");
        return missing;
    }
}
