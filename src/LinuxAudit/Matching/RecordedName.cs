namespace LinuxAudit.Matching;

/// <summary>What a <c>PATH</c> record says of a file, as the kernel's filters see it (<c>struct audit_names</c>).</summary>
/// <param name="Path">Where it is, absolute and without <c>.</c> and <c>..</c>; empty when the records do not say.</param>
/// <param name="OtherPath">Another path of the same file, from an earlier record; empty when none is known.</param>
/// <param name="Inode">Its inode; null when there was none, as for a file that could not be found.</param>
/// <param name="Device">Major and minor of its file system, the major times 2^20.</param>
/// <param name="SpecialDevice">The same of the device that it is; 0 when it is none.</param>
/// <param name="Mode">Its type and permissions.</param>
/// <param name="Uid">Its owner; null when the record does not say.</param>
/// <param name="Gid">Its group; null when the record does not say.</param>
internal readonly record struct RecordedName(Range Path, Range OtherPath, ulong? Inode, uint Device, uint SpecialDevice, uint Mode, uint? Uid, uint? Gid)
{
    /// <summary>The major number of a device.</summary>
    public static uint Major(uint device) => device >> 20;

    /// <summary>The minor number of a device.</summary>
    public static uint Minor(uint device) => device & 0xFFFFF;
}
