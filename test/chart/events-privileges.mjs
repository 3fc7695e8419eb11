// Asserts what the container "events" of a rendered DaemonSet may do: node events-privileges.mjs FOLDER-WITH-node_modules FILE
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, file] = process.argv.slice(2);
const { parseAllDocuments } = createRequire(pathToFileURL(modules + "/"))("yaml");
const pod = parseAllDocuments(readFileSync(file, "utf8")).map((d) => d.toJS()).find((o) => o?.kind === "DaemonSet").spec.template.spec;
const events = pod.containers.find((c) => c.name === "events");

assert.equal(pod.hostNetwork, true);
assert.equal(events.securityContext.privileged ?? false, false);
assert.equal(events.securityContext.allowPrivilegeEscalation, false);
assert.equal(events.securityContext.readOnlyRootFilesystem, true);
assert.deepEqual(events.securityContext.capabilities, { drop: ["ALL"], add: ["AUDIT_READ"] });

// Of the node these and no more: /etc as a whole has shadow in it.
const source = (m) => [pod.volumes.find((v) => v.name === m.name).hostPath?.path ?? m.name, m.subPath ?? ""].join("").replace("//", "/");
assert.deepEqual(
  events.volumeMounts.map((m) => `${m.mountPath} = ${source(m)}`).sort(),
  [
    "/etc/aks-auditd = config",
    "/node/etc/group = /etc/group",
    "/node/etc/passwd = /etc/passwd",
    "/node/sys/fs/cgroup = /sys/fs/cgroup",
    "/node/var/log = /var/log",
  ],
);
for (const mount of events.volumeMounts) assert.equal(mount.readOnly, true, mount.mountPath);
