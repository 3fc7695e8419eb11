namespace LinuxAudit.Records;

/// <summary>
/// Names of users and groups of the machine the records come from. Asked for every id of every record: implementations answer from memory and
/// do not allocate. A name must stay valid until the next call.
/// </summary>
public interface IIdentityNames
{
    /// <summary>The name of a user. False when there is none.</summary>
    bool TryGetUser(uint uid, out ReadOnlySpan<byte> name);

    /// <summary>The name of a group. False when there is none.</summary>
    bool TryGetGroup(uint gid, out ReadOnlySpan<byte> name);
}
