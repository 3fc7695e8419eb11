namespace AksAuditd.Events;

/// <summary>The fields of a main record that have a place of their own in an event.</summary>
internal enum FactField : byte
{
    /// <summary>Any other, or one that had come before.</summary>
    Other,
    Architecture, Syscall, Success, Exit,
    Argument0, Argument1, Argument2, Argument3,
    Items, ParentPid, Pid, Result,
    // From here on it is who did it, Actor.
    AuditUid,
    Uid, EffectiveUid, SavedUid, FilesystemUid,
    Gid, EffectiveGid, SavedGid, FilesystemGid,
    Terminal, Session, Command, Executable, Subject, Key,
}

/// <summary>Names of <see cref="FactField"/>.</summary>
internal static class FactFields
{
    /// <summary>What a field's name means. Every name is compared with one, at most two others.</summary>
    public static FactField Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name[0] == 'a' && (uint)(name[1] - '0') < 4 => (FactField)((int)FactField.Argument0 + name[1] - '0'),
        3 => OfThree(name),
        4 => OfFour(name),
        5 => name[0] switch
        {
            (byte)'i' when name.SequenceEqual("items"u8) => FactField.Items,
            (byte)'f' when name.SequenceEqual("fsuid"u8) => FactField.FilesystemUid,
            (byte)'f' when name.SequenceEqual("fsgid"u8) => FactField.FilesystemGid,
            _ => FactField.Other,
        },
        7 when name[1] == 'y' && name.SequenceEqual("syscall"u8) => FactField.Syscall,
        7 when name.SequenceEqual("success"u8) => FactField.Success,
        _ => FactField.Other,
    };

    private static FactField OfThree(ReadOnlySpan<byte> name) => (name[0] | name[1] << 8 | name[2] << 16) switch
    {
        'p' | 'i' << 8 | 'd' << 16 => FactField.Pid,
        'u' | 'i' << 8 | 'd' << 16 => FactField.Uid,
        'g' | 'i' << 8 | 'd' << 16 => FactField.Gid,
        't' | 't' << 8 | 'y' << 16 => FactField.Terminal,
        's' | 'e' << 8 | 's' << 16 => FactField.Session,
        'e' | 'x' << 8 | 'e' << 16 => FactField.Executable,
        'k' | 'e' << 8 | 'y' << 16 => FactField.Key,
        'r' | 'e' << 8 | 's' << 16 => FactField.Result,
        _ => FactField.Other,
    };

    private static FactField OfFour(ReadOnlySpan<byte> name) => (name[0] | name[1] << 8 | name[2] << 16 | name[3] << 24) switch
    {
        'p' | 'p' << 8 | 'i' << 16 | 'd' << 24 => FactField.ParentPid,
        'a' | 'u' << 8 | 'i' << 16 | 'd' << 24 => FactField.AuditUid,
        'e' | 'u' << 8 | 'i' << 16 | 'd' << 24 => FactField.EffectiveUid,
        's' | 'u' << 8 | 'i' << 16 | 'd' << 24 => FactField.SavedUid,
        'e' | 'g' << 8 | 'i' << 16 | 'd' << 24 => FactField.EffectiveGid,
        's' | 'g' << 8 | 'i' << 16 | 'd' << 24 => FactField.SavedGid,
        'a' | 'r' << 8 | 'c' << 16 | 'h' << 24 => FactField.Architecture,
        'e' | 'x' << 8 | 'i' << 16 | 't' << 24 => FactField.Exit,
        'c' | 'o' << 8 | 'm' << 16 | 'm' << 24 => FactField.Command,
        's' | 'u' << 8 | 'b' << 16 | 'j' << 24 => FactField.Subject,
        _ => FactField.Other,
    };
}
