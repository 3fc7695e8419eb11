using LinuxAudit.Records;

namespace AksAuditd.Report;

/// <summary>
/// Names of users as a log itself has them, where auditd wrote it <c>ENRICHED</c>; else those of this machine, when the log is its own. The root user is root
/// everywhere. Bounded.
/// </summary>
/// <param name="machine">This machine's names; null when the log is another's.</param>
internal sealed class RecordedNames(IIdentityNames? machine) : IIdentityNames
{
    private const int Most = 4096;

    private readonly Dictionary<uint, byte[]> _users = [];

    /// <summary>Learns the users of an event's record.</summary>
    public void Learn(in AuditRecord record, uint user, uint login)
    {
        if (record.Enrichment.IsEmpty || _users.Count >= Most) return;
        Learn(record, user, "UID"u8);
        Learn(record, login, "AUID"u8);
    }

    public bool TryGetUser(uint uid, out ReadOnlySpan<byte> name)
    {
        if (_users.TryGetValue(uid, out byte[]? known))
        {
            name = known;
            return true;
        }

        if (machine is not null) return machine.TryGetUser(uid, out name);
        name = uid == 0 ? "root"u8 : default;
        return uid == 0;
    }

    public bool TryGetGroup(uint gid, out ReadOnlySpan<byte> name)
    {
        name = default;
        return machine is not null && machine.TryGetGroup(gid, out name);
    }

    private void Learn(in AuditRecord record, uint id, ReadOnlySpan<byte> field)
    {
        if (id == Events.EventFacts.None || _users.ContainsKey(id)) return;
        FieldReader fields = record.EnrichedFields;
        if (!fields.TryFind(field, out Field name) || name.Form != ValueForm.Quoted || name.Value.StartsWith("unknown("u8)) return;
        _users[id] = name.Value.ToArray();
    }
}
