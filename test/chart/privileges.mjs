// Asserts what the containers of a rendered DaemonSet may do: node privileges.mjs FOLDER-WITH-node_modules FILE
// The expectations stand here, not in the chart: whoever widens them must do it in two places.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, file] = process.argv.slice(2);
const { parseAllDocuments } = createRequire(pathToFileURL(modules + "/"))("yaml");
const pod = parseAllDocuments(readFileSync(file, "utf8")).map((d) => d.toJS()).find((o) => o?.kind === "DaemonSet").spec.template.spec;
const container = (name) => [...(pod.initContainers ?? []), ...pod.containers].find((c) => c.name === name);
const mounts = (name) => container(name).volumeMounts.filter((m) => m.mountPath.startsWith("/node"));

assert.equal(pod.hostPID, true);
assert.equal(pod.hostNetwork ?? false, false, "hostNetwork is for the multicast group only");
assert.equal(pod.hostIPC ?? false, false);
assert.equal(pod.automountServiceAccountToken, false);
assert.equal(pod.enableServiceLinks, false);
assert.deepEqual(pod.tolerations, [{ operator: "Exists" }]);
assert.equal(pod.priorityClassName, "system-node-critical");
assert.deepEqual(pod.securityContext.seccompProfile, { type: "RuntimeDefault" });

assert.deepEqual(pod.initContainers.map((c) => c.name), ["install"]);
assert.deepEqual(pod.containers.map((c) => c.name), ["agent"]);
assert.equal(container("install").securityContext.privileged, true);

const agent = container("agent");
assert.equal(agent.securityContext.privileged ?? false, false);
assert.equal(agent.securityContext.allowPrivilegeEscalation, false);
assert.equal(agent.securityContext.readOnlyRootFilesystem, true);
assert.deepEqual(agent.securityContext.capabilities, { drop: ["ALL"], add: ["AUDIT_CONTROL", "SYS_CHROOT"] });
assert.deepEqual(agent.securityContext.seccompProfile, { type: "RuntimeDefault" });

// The node read-only; writable over it only these, each from the same volume, and a /tmp that is the pod's own.
assert.equal(mounts("agent").find((m) => m.mountPath === "/node").readOnly, true);
assert.deepEqual(
  mounts("agent").filter((m) => !m.readOnly).map((m) => `${m.name}:${m.mountPath}`).sort(),
  ["node:/node/etc/audit", "node:/node/var/lib/aks-auditd", "tmp:/node/tmp"],
);
for (const mount of agent.volumeMounts.filter((m) => !m.mountPath.startsWith("/node"))) assert.equal(mount.readOnly, true, mount.mountPath);

for (const volume of pod.volumes.filter((v) => v.configMap)) assert.notEqual(volume.configMap.optional, true, volume.name);
for (const c of [...pod.initContainers, ...pod.containers]) assert.ok(c.resources.limits.memory && c.resources.requests.cpu, c.name);
for (const probe of ["livenessProbe", "readinessProbe"]) assert.equal(agent[probe].httpGet.port, "http");
assert.deepEqual(agent.ports, [{ name: "http", containerPort: 9807 }]);

// The agent works under the container runtime's own AppArmor profile; naming it would keep the pod from nodes without AppArmor.
for (const c of [...pod.initContainers, ...pod.containers]) {
  assert.equal(c.securityContext.appArmorProfile, undefined, c.name);
  assert.deepEqual(c.securityContext.seLinuxOptions, { type: "spc_t" }, c.name);
}
