namespace AksAuditd.Events.Json;

internal sealed partial class EventEncoder
{
    private void WriteUser(EventFacts facts)
    {
        if (!facts.Has(FactField.Uid) && !facts.Has(FactField.AuditUid)) return;
        uint uid = facts.IdOf(FactField.Uid), gid = facts.IdOf(FactField.Gid);
        uint effectiveUid = facts.IdOf(FactField.EffectiveUid), effectiveGid = facts.IdOf(FactField.EffectiveGid);
        int before = _json.Open("\"user\":{"u8);
        WriteIdentity(uid, false);
        if (gid != uid) WriteGroup(gid);
        // What is as usual is left out: a group with the user's number, effective ids like the real ones, the others like the effective.
        WriteIdentities("\"effective\":{"u8, effectiveUid, uid, effectiveGid, gid);
        WriteIdentities("\"saved\":{"u8, facts.IdOf(FactField.SavedUid), effectiveUid, facts.IdOf(FactField.SavedGid), effectiveGid);
        WriteIdentities("\"filesystem\":{"u8, facts.IdOf(FactField.FilesystemUid), effectiveUid, facts.IdOf(FactField.FilesystemGid), effectiveGid);
        if (facts.AuditUid != EventFacts.None)
        {
            _json.Name("\"audit\":{"u8);
            WriteIdentity(facts.AuditUid, false);
            _json.Write((byte)'}');
        }
        _json.Close(before, (byte)'}');
    }

    private void WriteIdentities(ReadOnlySpan<byte> name, uint uid, uint usualUid, uint gid, uint usualGid)
    {
        if (uid == usualUid && gid == usualGid) return;
        int before = _json.Open(name);
        if (uid != usualUid) WriteIdentity(uid, false);
        if (gid != usualGid) WriteGroup(gid);
        _json.Close(before, (byte)'}');
    }

    private void WriteGroup(uint gid)
    {
        if (gid == EventFacts.None) return;
        _json.Name("\"group\":{"u8);
        WriteIdentity(gid, true);
        _json.Write((byte)'}');
    }

    private void WriteIdentity(uint id, bool isGroup)
    {
        if (id == EventFacts.None) return;
        _json.Name("\"id\":"u8);
        _json.Number((ulong)id);
        if (!(isGroup ? _interpreter.TryGetGroup(id, out ReadOnlySpan<byte> name) : _interpreter.TryGetUser(id, out name))) return;
        _json.Write(",\"name\":"u8);
        _json.String(name);
    }
}
