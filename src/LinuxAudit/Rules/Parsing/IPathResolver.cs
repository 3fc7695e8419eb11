namespace LinuxAudit.Rules;

/// <summary>The files of a node.</summary>
public interface IPathResolver
{
    /// <summary>What an absolute path leads to on the node, symbolic links followed.</summary>
    PathKind Find(string path);
}

/// <summary>What is at a path.</summary>
public enum PathKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>Anything but a directory.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,
}
