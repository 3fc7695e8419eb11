// Asserts what AKS deployment safeguards ask of a rendered DaemonSet beside what a namespace has to be exempt from: node safeguards.mjs FOLDER-WITH-node_modules FILE
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, file] = process.argv.slice(2);
const { parseAllDocuments } = createRequire(pathToFileURL(modules + "/"))("yaml");
const pod = parseAllDocuments(readFileSync(file, "utf8")).map((d) => d.toJS()).find((o) => o?.kind === "DaemonSet").spec.template.spec;
const milli = (cpu) => (String(cpu).endsWith("m") ? parseInt(cpu, 10) : Number(cpu) * 1000);

for (const c of pod.containers) for (const probe of ["livenessProbe", "readinessProbe"]) assert.ok(c[probe], `${c.name} has no ${probe}`);
for (const c of [...(pod.initContainers ?? []), ...pod.containers]) {
  assert.ok(milli(c.resources.requests.cpu) >= 100, `${c.name}: requests.cpu would be raised`);
  assert.match(c.resources.requests.memory, /^[1-9]\d\dMi$/, `${c.name}: requests.memory would be raised`);
}
assert.ok(pod.tolerations.length > 0 && pod.tolerations.every((t) => t.key), "a toleration of every taint is refused on managed system pools");
