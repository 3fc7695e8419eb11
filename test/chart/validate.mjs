// Checks Kubernetes objects against the API's schema: node validate.mjs FOLDER-WITH-node_modules FILE…
// FILE: YAML, as helm and kubectl read it. Wrong types and missing fields are errors, and so are fields that the API does not know, which
// an API server would drop without a word. Kinds of other APIs are named and passed over.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(pathToFileURL(modules + "/"));
const { parseAllDocuments } = require("yaml");
const models = modules + "/node_modules/kubernetes-models/";

// A schema's validator reads every field that it knows. A field that was never read is unknown.
function watched(value, path, unread) {
  if (value === null || typeof value !== "object") return value;
  const children = new Map();
  for (const key of Object.keys(value)) {
    if (!Array.isArray(value)) unread.add(path + "/" + key);
    children.set(key, watched(value[key], path + "/" + key, unread));
  }
  return new Proxy(value, {
    get(target, key) {
      unread.delete(path + "/" + String(key));
      return children.has(key) ? children.get(key) : target[key];
    },
  });
}

// What is below a field that nobody read was not read either.
const topmost = (paths) => paths.filter((p) => !paths.some((q) => p !== q && p.startsWith(q + "/")));

let errors = 0;
let objects = 0;
const complain = (file, object, what) => {
  errors++;
  console.log(`${file}: ${object.kind}/${object.metadata?.name}: ${what}`);
};

for (const file of files) {
  for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
    for (const error of document.errors) complain(file, {}, error.message);
    const object = document.toJS();
    if (!object) continue;
    objects++;
    let model;
    try {
      const place = object.apiVersion === "v1" ? "v1" : object.apiVersion;
      model = (await import(pathToFileURL(models + place + "/" + object.kind + ".js").href))[object.kind];
    } catch (e) {
      if (e.code !== "ERR_MODULE_NOT_FOUND") throw e;
      console.log(`${file}: ${object.apiVersion} ${object.kind}: not of Kubernetes itself, not checked`);
      continue;
    }
    const unread = new Set();
    try {
      // Not "new model(object)": that copies, and reads every field.
      model.prototype.validate.call(watched(object, "", unread));
    } catch (e) {
      for (const error of e.errors ?? [e]) complain(file, object, `${error.instancePath ?? ""} ${error.message} ${JSON.stringify(error.params ?? {})}`);
    }
    unread.delete("/apiVersion");
    unread.delete("/kind");
    for (const path of topmost([...unread])) complain(file, object, `${path}: unknown field`);
  }
}
console.log(`${objects} objects, ${errors} errors`);
process.exit(errors === 0 && objects > 0 ? 0 : 1);
