using LinuxAudit.Records;

/// <summary>Bytes of events in which a program was started: each record a line of syslog, as audisp-syslog writes them, or all of it one line of ours.</summary>
internal sealed class ByteCount(string node)
{
    private long _events, _raw, _enriched, _ours;

    // What rsyslog's traditional format puts before a line.
    private int Prefix(string program) => $"Nov 22 03:52:15 {node} {program}: ".Length;

    public void Add(AuditEvent auditEvent, ReadOnlySpan<byte> line)
    {
        if (!auditEvent.TryGetRecord(RecordType.Execve, out _)) return;
        _events++;
        for (int i = 0; i < auditEvent.Count; i++)
        {
            AuditRecord record = auditEvent[i];
            // Without the separator and what is behind.
            int added = record.Enrichment.IsEmpty ? 0 : record.Enrichment.Length + 1;
            _enriched += Prefix("audisp-syslog") + record.Raw.Length + 1;
            _raw += Prefix("audisp-syslog") + record.Raw.Length - added + 1;
        }
        _ours += Prefix("aks-auditd") + line.Length + 1;
    }

    public void Print() => Console.WriteLine(
        $"{_events} programs started, bytes each with the prefix of syslog: audisp-syslog RAW {_raw / _events}, ENRICHED {_enriched / _events}; ours, with the pod, {_ours / _events}: {100.0 * _ours / _raw:0.0} % of RAW, {100.0 * _ours / _enriched:0.0} % of ENRICHED");
}
