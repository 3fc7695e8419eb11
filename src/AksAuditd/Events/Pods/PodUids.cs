using System.Text;

namespace AksAuditd.Events.Pods;

/// <summary>Pod uids as control groups write them and as Kubernetes does.</summary>
internal static class PodUids
{
    /// <summary>With hyphens: the systemd driver writes underscores, since a hyphen separates slices.</summary>
    public static string ToCanonical(ReadOnlySpan<byte> uid) => Encoding.ASCII.GetString(uid).Replace('_', '-');
}
