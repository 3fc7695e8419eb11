// Makes of a rendered DaemonSet what the kubelet and containerd would make of it: node oci.mjs FOLDER-WITH-node_modules OUT <RENDERED.yaml
//   OUT/CONTAINER.json      the OCI runtime's configuration, by the rules of containerd's CRI plugin (internal/cri/server/container_create_linux.go)
//   OUT/configmaps/VOLUME/  the files of each ConfigMap volume
//   OUT/CONTAINER.id        the container's id, and the name of its log in /var/log/containers
//   OUT/CONTAINER.directories  what the kubelet makes before it starts the container: volumes, subPaths, the folder of its log
//   OUT/volumes             where the pod's volumes are on the node
// What depends on the node stands in lines of its own, which ../pod.sh replaces: "apparmorProfile", "selinuxLabel", "mountLabel", "seccomp".
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, out] = process.argv.slice(2);
const { parseAllDocuments } = createRequire(pathToFileURL(modules + "/"))("yaml");
const objects = parseAllDocuments(readFileSync(0, "utf8")).map((d) => d.toJS()).filter((o) => o);
const { metadata, spec: { template: { spec: pod } } } = objects.find((o) => o.kind === "DaemonSet");

const uid = "5a1d7c1e-0f5e-4a53-9d0b-6a7b8c9d0e1f";
const podName = `${metadata.name}-x7k2p`;
const volumes = `/var/lib/kubelet/pods/${uid}/volumes`;
const emptyDirectories = [];
mkdirSync(out, { recursive: true });

// A volume's directory on the node.
const sources = new Map(pod.volumes.map((v) => {
  if (v.hostPath) return [v.name, v.hostPath.path];
  if (v.emptyDir) {
    emptyDirectories.push(`${volumes}/kubernetes.io~empty-dir/${v.name}`);
    return [v.name, `${volumes}/kubernetes.io~empty-dir/${v.name}`];
  }
  if (!v.configMap) throw new Error(`volume ${v.name}: this bed knows hostPath, emptyDir and configMap`);
  const map = objects.find((o) => o.kind === "ConfigMap" && o.metadata.name === v.configMap.name);
  if (!map) throw new Error(`volume ${v.name}: no ConfigMap ${v.configMap.name}`);
  mkdirSync(`${out}/configmaps/${v.name}`, { recursive: true });
  for (const [file, text] of Object.entries(map.data ?? {})) writeFileSync(`${out}/configmaps/${v.name}/${file}`, text);
  return [v.name, `${volumes}/kubernetes.io~configmap/${v.name}`];
}));

const allCapabilities = `CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST
  NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME
  SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF
  CHECKPOINT_RESTORE`.split(/\s+/);
const containerdsOwn = `CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE`.split(/\s+/);

function capabilities(context) {
  if (context.privileged) return allCapabilities;
  const { add = [], drop = [] } = context.capabilities ?? {};
  const kept = drop.includes("ALL") ? [] : containerdsOwn.filter((c) => !drop.includes(c));
  return add.includes("ALL") ? allCapabilities : [...new Set([...kept, ...add])];
}

// The profile's name, or "": none. Nothing said means containerd's default profile, but not for a privileged container.
function appArmor(context) {
  const profile = context.appArmorProfile ?? pod.securityContext?.appArmorProfile ?? { type: "RuntimeDefault" };
  if (profile.type === "Localhost") return profile.localhostProfile;
  return profile.type === "RuntimeDefault" && !context.privileged ? "cri-containerd.apparmor.d" : "";
}

// The process' label, or "": the runtime's own. Nothing said means container_t with two categories of its own.
function seLinux(context) {
  const options = context.seLinuxOptions ?? pod.securityContext?.seLinuxOptions;
  if (!options && context.privileged) return "";
  const { user = "system_u", role = "system_r", type = "container_t", level = "s0:c123,c456" } = options ?? {};
  return `${user}:${role}:${type}:${level}`;
}

function seccomp(context) {
  const profile = context.seccompProfile ?? pod.securityContext?.seccompProfile ?? { type: "Unconfined" };
  if (!["RuntimeDefault", "Unconfined"].includes(profile.type)) throw new Error(`seccompProfile ${profile.type}: not in this bed`);
  return profile.type === "RuntimeDefault" && !context.privileged ? "@default@" : "@none@";
}

function environment(container) {
  const fields = { "spec.nodeName": "node1", "metadata.name": podName, "metadata.namespace": metadata.namespace, "status.hostIP": "127.0.0.1" };
  const values = (container.env ?? []).map((e) => {
    const value = e.value ?? fields[e.valueFrom?.fieldRef?.fieldPath];
    if (value === undefined) throw new Error(`env ${e.name}: not in this bed`);
    return `${e.name}=${value}`;
  });
  return ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", `HOSTNAME=${podName}`, ...values, "KUBERNETES_SERVICE_HOST=10.0.0.1", "KUBERNETES_SERVICE_PORT=443"];
}

function mounts(container, context, directories) {
  const readOnly = context.privileged ? "rw" : "ro";
  const own = [
    { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
    { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "strictatime", "mode=755", "size=65536k"] },
    { destination: "/dev/pts", type: "devpts", source: "devpts", options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
    { destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: ["nosuid", "noexec", "nodev"] },
    { destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", readOnly] },
    { destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: ["nosuid", "noexec", "nodev", "relatime", readOnly] },
    { destination: "/dev/shm", type: "tmpfs", source: "shm", options: ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"] },
    { destination: "/etc/hosts", type: "bind", source: "/etc/hosts", options: ["rbind", "rprivate", context.readOnlyRootFilesystem ? "ro" : "rw"] },
  ];
  const asked = (container.volumeMounts ?? []).map((m) => {
    const base = sources.get(m.name);
    if (base === undefined) throw new Error(`${container.name}: no volume ${m.name}`);
    const source = m.subPath ? `${base === "/" ? "" : base}/${m.subPath}` : base;
    if (m.subPath && !m.readOnly) directories.push(source);
    // The kernel and containerd of AKS's nodes know recursive read-only mounts, and so do these: IfPossible means Enabled.
    const recursive = m.readOnly && ["Enabled", "IfPossible"].includes(m.recursiveReadOnly);
    return { destination: m.mountPath, type: "bind", source, options: ["rbind", "rprivate", recursive ? "rro" : m.readOnly ? "ro" : "rw"] };
  });
  // containerd sorts by depth, so that what is mounted inside another mount comes later.
  return [...own, ...asked].map((m, i) => [m, i]).sort(([a, i], [b, j]) => a.destination.split("/").length - b.destination.split("/").length || i - j).map(([m]) => m);
}

const devices = (context) => context.privileged
  ? [{ allow: true, access: "rwm" }]
  : [{ allow: false, access: "rwm" }, { allow: true, type: "c", access: "m" }, { allow: true, type: "b", access: "m" },
    ...[[1, 3], [1, 8], [1, 7], [5, 0], [1, 5], [1, 9], [5, 1], [136], [5, 2]].map(([major, minor]) => ({ allow: true, type: "c", major, minor, access: "rwm" }))];

const bytes = (quantity) => {
  const [, number, unit] = /^(\d+)([KMG]i)$/.exec(quantity);
  return number * 1024 ** ("KMG".indexOf(unit[0]) + 1);
};

for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
  const context = { ...container.securityContext };
  const directories = [...emptyDirectories, `/var/log/pods/${metadata.namespace}_${podName}_${uid}/${container.name}`];
  const id = createHash("sha256").update(`${metadata.name} ${container.name}`).digest("hex");
  const granted = capabilities(context).map((c) => `CAP_${c}`);
  const memory = container.resources?.limits?.memory;
  const config = {
    ociVersion: "1.0.2",
    process: {
      user: { uid: pod.securityContext?.runAsUser ?? 0, gid: pod.securityContext?.runAsGroup ?? 0, additionalGids: [0] },
      args: [...(container.command ?? ["/usr/local/bin/aks-auditd"]), ...(container.args ?? [])],
      env: environment(container),
      cwd: "/",
      capabilities: { bounding: granted, effective: granted, permitted: granted },
      noNewPrivileges: context.allowPrivilegeEscalation === false,
      apparmorProfile: appArmor(context),
      selinuxLabel: seLinux(context),
      oomScoreAdj: pod.priorityClassName === "system-node-critical" ? -997 : 1000,
    },
    root: { path: "/var/lib/pod-root", readonly: context.readOnlyRootFilesystem === true },
    hostname: pod.hostNetwork ? undefined : podName,
    mounts: mounts(container, context, directories),
    annotations: { "io.kubernetes.cri.container-name": container.name, "io.kubernetes.cri.sandbox-namespace": metadata.namespace },
    linux: {
      resources: { devices: devices(context), ...(memory && { memory: { limit: bytes(memory), swap: bytes(memory) } }) },
      // runc's systemd driver, as on AKS: SLICE:PREFIX:ID.
      cgroupsPath: `kubepods-burstable-pod${uid.replaceAll("-", "_")}.slice:cri-containerd:${id}`,
      namespaces: [
        { type: "mount" }, { type: "ipc" },
        ...(pod.hostPID ? [] : [{ type: "pid" }]),
        ...(pod.hostNetwork ? [] : [{ type: "network", path: "/run/netns/pod" }, { type: "uts" }]),
        ...(context.privileged ? [] : [{ type: "cgroup" }]),
      ],
      seccomp: seccomp(context),
      mountLabel: "@mount@",
      maskedPaths: context.privileged ? [] : ["/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
        "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/sys/devices/virtual/powercap", "/proc/scsi"],
      readonlyPaths: context.privileged ? [] : ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
    },
  };
  writeFileSync(`${out}/${container.name}.json`, JSON.stringify(config, null, 1) + "\n");
  writeFileSync(`${out}/${container.name}.directories`, directories.join("\n") + "\n");
  writeFileSync(`${out}/${container.name}.id`, `${id}\n${podName}_${metadata.namespace}_${container.name}-${id}.log\n`);
}
writeFileSync(`${out}/volumes`, volumes + "\n");
