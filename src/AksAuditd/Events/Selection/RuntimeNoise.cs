using AksAuditd.Events.Pods;
using LinuxAudit.Records;

namespace AksAuditd.Events.Selection;

/// <summary>
/// What container runtimes and kube-proxy do to the kernel at every start of a container: BPF programs for cgroups, packet filter tables. The kernel
/// records it without any rule, and on a busy node it is most of all records. Only from the node itself and only from the programs known to do it: the
/// same from inside a container, or from any other program, is no noise.
/// </summary>
internal static class RuntimeNoise
{
    private static readonly TextPattern[] Programs = Array.ConvertAll(
        [
            "*/runc", "*/crun", "*/containerd", "*/containerd-shim*", "*/crio", "*/conmon", "*/dockerd", "*/kubelet", "*/kube-proxy", "*/systemd", "*/cilium-agent",
            "*/azure-cns", "*/azure-vnet*", "/opt/cni/bin/*", "*/xtables-nft-multi", "*/xtables-legacy-multi", "*/nft", "*/ip-masq-agent", "*/felix", "*/calico-node",
        ],
        (string pattern) => new TextPattern(pattern));

    public static bool Is(EventFacts facts, in ProcessContext context)
    {
        if (facts.KeyCount > 0 || facts.Type is not (RecordType.Bpf or RecordType.NetfilterConfig) || context.Place == ProcessPlace.Container) return false;
        // systemd's BPF records have no system call, and so no program.
        if (!facts.HasSyscall) return facts.Type == RecordType.Bpf;
        foreach (TextPattern program in Programs)
            if (program.Matches(facts.Executable)) return true;
        return false;
    }
}
