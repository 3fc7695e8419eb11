// check.cjs PACKAGES TABLES.json FUNCTIONS-FOLDER FILE.kql…: parses and binds queries with Microsoft's language service. Prints what it finds, status 1 if anything.
// check.cjs --patterns LOG FILE.kql…: every pattern of extract and extract_all matches a line of LOG.
// check.cjs --members SCHEMA.json FILE.kql…: every member that is read of Event is in the schema.
const fs = require("fs");
const path = require("path");

function patterns(log, files) {
  const lines = fs.readFileSync(log, "utf8").split("\n");
  let tried = 0, bad = 0;
  for (const file of files) {
    for (const [, text] of fs.readFileSync(file, "utf8").matchAll(/extract(?:_all)?\(@"((?:[^"]|"")*)"/g)) {
      tried++;
      const pattern = new RegExp(text.replaceAll('""', '"'));
      if (lines.some((line) => pattern.test(line))) continue;
      console.log(`${file}: no record matches ${text}`);
      bad++;
    }
  }
  console.log(`${tried} patterns`);
  return tried === 0 || bad > 0 ? 1 : 0;
}

function members(schema, files) {
  const root = JSON.parse(fs.readFileSync(schema, "utf8"));
  const resolve = (node) => node?.$ref ? node.$ref.split("/").slice(1).reduce((at, name) => at[name], root) : node;
  let read = 0, bad = 0;
  for (const file of files) {
    for (const [, dotted, quoted] of fs.readFileSync(file, "utf8").matchAll(/\bEvent(?:\.([a-z_.]+)|\["([^"]+)"\])/g)) {
      read++;
      const found = (dotted?.split(".") ?? [quoted]).reduce((node, name) => resolve(node?.properties?.[name]), root);
      if (found) continue;
      console.log(`${file}: no event has ${dotted ?? quoted}`);
      bad++;
    }
  }
  console.log(`${read} members`);
  return read === 0 || bad > 0 ? 1 : 0;
}

function check(packages, tables, folder, files) {
  const root = path.join(packages, "node_modules/@kusto/language-service-next");
  require(path.join(root, "bridge.min.js"));
  require(path.join(root, "Kusto.Language.Bridge.min.js"));
  const { Symbols, GlobalState, KustoCode } = Kusto.Language;
  const symbols = Object.entries(JSON.parse(fs.readFileSync(tables, "utf8"))).filter(([name]) => name !== "//")
    .map(([name, columns]) => Symbols.TableSymbol.From(columns).WithName(name));
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor("workspace", symbols));

  const functions = new Map(fs.readdirSync(folder).map((f) => [path.basename(f, ".kql"), fs.readFileSync(path.join(folder, f), "utf8")]));
  // The saved functions a text calls, those they call first.
  function definitions(text, own, done) {
    let before = "";
    for (const [name, body] of functions) {
      if (name === own || done.has(name) || !new RegExp(`\\b${name}\\b`).test(text.replace(/^\/\/.*$/gm, ""))) continue;
      done.add(name);
      const parameters = /^\/\/ Parameters: (\(.*\))$/m.exec(body)?.[1] ?? "()";
      before += definitions(body, name, done) + `let ${name} = ${parameters} {\n${body}\n};\n`;
    }
    return before;
  }

  let bad = 0;
  for (const file of files) {
    const text = fs.readFileSync(file, "utf8");
    const own = path.basename(file, ".kql");
    const query = functions.has(own) ? `${own}()` : text;
    const all = definitions(query, "", new Set()) + query;
    const diagnostics = KustoCode.ParseAndAnalyze(all, globals).GetDiagnostics();
    for (let i = 0; i < diagnostics.Count; i++) {
      const found = diagnostics.getItem(i);
      const line = all.slice(0, found.Start).split("\n").length;
      console.log(`${file}: ${found.Severity} ${found.Code}: ${found.Message}: ${all.split("\n")[line - 1].trim()}`);
      bad++;
    }
  }
  return bad > 0 ? 1 : 0;
}

const [first, ...rest] = process.argv.slice(2);
const modes = { "--patterns": patterns, "--members": members };
process.exit(modes[first] ? modes[first](rest[0], rest.slice(1)) : check(first, rest[0], rest[1], rest.slice(2)));
