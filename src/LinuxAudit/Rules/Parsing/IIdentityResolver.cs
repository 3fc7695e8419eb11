namespace LinuxAudit.Rules;

/// <summary>The users and groups of a node.</summary>
public interface IIdentityResolver
{
    /// <summary>The uid of a user name; null when the node has no such user.</summary>
    uint? FindUser(string name);

    /// <summary>The gid of a group name; null when the node has no such group.</summary>
    uint? FindGroup(string name);
}
