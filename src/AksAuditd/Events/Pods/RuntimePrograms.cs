namespace AksAuditd.Events.Pods;

/// <summary>
/// Programs whose children start on the node and end in a container, or in another container than their parent: a child of one that has gone may have
/// been anywhere. To name a program here that does no such thing costs an answer, to forget one may make it a wrong one.
/// </summary>
internal static class RuntimePrograms
{
    /// <summary>By the path of an executable (also runc's copies of itself, <c>/memfd:runc_cloned:…</c>) or a process's name.</summary>
    public static bool Contains(ReadOnlySpan<byte> program)
    {
        if (!program.StartsWith("/memfd:"u8)) program = program[(program.LastIndexOf((byte)'/') + 1)..];
        return program.IndexOf("runc"u8) >= 0 || program.IndexOf("containerd"u8) >= 0 || program.IndexOf("crun"u8) >= 0
            || program.IndexOf("conmon"u8) >= 0 || program.IndexOf("crio"u8) >= 0 || program.IndexOf("youki"u8) >= 0
            || program.IndexOf("runsc"u8) >= 0 || program.IndexOf("kata"u8) >= 0 || program.IndexOf("docker"u8) >= 0
            || program.IndexOf("podman"u8) >= 0 || program.IndexOf("buildah"u8) >= 0 || program.IndexOf("container-runtime"u8) >= 0
            || program.IndexOf("kubelet"u8) >= 0;
    }
}
