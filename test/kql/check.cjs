// check.cjs PACKAGES TABLES.json FUNCTIONS-FOLDER FILE.kql…: parses and binds queries with Microsoft's language service. Prints what it finds, status 1 if anything.
// check.cjs --patterns LOG FILE.kql…: every pattern of extract and extract_all matches a line of LOG.
// check.cjs --members SCHEMA.json FILE.kql…: every member that is read of Event is in the schema.
// check.cjs --times FILE.kql…: the first filter on a table that functions read is the time of the call, and each call of such a function says a time.
// check.cjs --once LOG JSON FUNCTIONS-FOLDER: each record of LOG and each line of JSON, sent twice as Azure Linux does, is one row by the keys of AuditRecords and AuditJson, and
//   no two that differ are one. It applies the functions' own patterns and keys: nothing here runs KQL.
// check.cjs --asim PACKAGES TABLES.json FUNCTIONS-FOLDER FILE.kql…: parameters as the unifying parser has them, in its order, and the columns that ASIM demands.
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

const withoutComments = (text) => text.replace(/^\s*\/\/.*$/gm, "");
const filter = /^\s*\| where \(isnull\(starttime\) or TimeGenerated >= starttime\) and \(isnull\(endtime\) or TimeGenerated <= endtime\)\n/;

function times(files) {
  let seen = 0, bad = 0;
  const wrong = (file, what) => { console.log(`${file}: ${what}`); bad++; };
  for (const file of files) {
    const text = withoutComments(fs.readFileSync(file, "utf8"));
    if (file.includes("/functions/")) {
      for (const found of text.matchAll(/\b(Syslog|ContainerLogV2)\b/g)) {
        seen++;
        if (!filter.test(text.slice(found.index + found[1].length))) wrong(file, `${found[1]} is not filtered by the time of the call first`);
      }
    }
    for (const [, name, call] of text.matchAll(/\b(AuditRecords|AuditEvents|AuditJson|AuditContainers)\b(\([^,)]*)?/g)) {
      seen++;
      if (!call || !/\((starttime|ago\()/.test(call)) wrong(file, `${name} is called without a time`);
    }
  }
  console.log(`${seen} tables and calls`);
  return seen === 0 || bad > 0 ? 1 : 0;
}

function once(log, json, folder) {
  const read = (name) => withoutComments(fs.readFileSync(path.join(folder, `${name}.kql`), "utf8"));
  const distinct = (rows, key) => new Set(rows.map((row) => JSON.stringify(key(row)))).size;
  let bad = 0;
  const same = (what, found, expected) => { console.log(`${what}: ${found} rows of ${expected}`); if (found !== expected || expected === 0) bad++; };

  const text = read("AuditRecords");
  const by = /\| summarize .* by Node = Computer, (.*)$/m.exec(text)?.[1].split(", ");
  const patterns = by?.map((column) => new RegExp(new RegExp(`${column} = extract\\(@"((?:[^"]|"")*)", 1, SyslogMessage\\)`).exec(text)[1]));
  if (!patterns) { console.log("AuditRecords has no key"); return 1; }
  const records = [...new Set(fs.readFileSync(log, "utf8").split("\n").filter((line) => line.includes("msg=audit")))];
  // By the socket: control characters as rsyslog writes them. By the journal: as they are, and blanks at the end are gone.
  const messages = records.flatMap((record) => [record.replaceAll("\x1d", "#035"), record.trimEnd()]);
  same("records", distinct(messages, (message) => patterns.map((pattern) => pattern.exec(message)?.[1] ?? "")), records.length);

  const key = /\| summarize .* by Node, EventTime, Sequence, Action, Unnumbered = iff\(isnull\(Sequence\), Line, ""\)$/m.test(read("AuditJson"));
  if (!key) { console.log("AuditJson has another key than this test"); return 1; }
  const lines = fs.readFileSync(json, "utf8").split("\n").filter((line) => line);
  const keyOf = (line) => { const e = JSON.parse(line); return [e.host?.name, e["@timestamp"], e.event.sequence, e.event.action, e.event.sequence === undefined ? line : ""]; };
  same("events", distinct([...lines, ...lines], keyOf), lines.length);
  return bad > 0 ? 1 : 0;
}

// The order of the unifying parser's own parameters; the names are those that its sources take.
const asimParameters = ["starttime", "endtime", "commandline_has_any", "commandline_has_all", "commandline_has_any_ip_prefix", "actingprocess_has_any",
  "targetprocess_has_any", "parentprocess_has_any", "actorusername_has", "targetusername_has", "dvcipaddr_has_any_prefix", "dvchostname_has_any", "hashes_has_any",
  "eventtype", "disabled"];
// Mandatory for a created process, by the schema's page.
const asimColumns = { EventCount: "int", EventStartTime: "datetime", EventEndTime: "datetime", EventType: "string", EventResult: "string", EventProduct: "string",
  EventVendor: "string", EventSchema: "string", EventSchemaVersion: "string", Dvc: "string", ActorUsername: "string", ActingProcessId: "string",
  TargetUsername: "string", TargetProcessName: "string", TargetProcessCommandLine: "string", TargetProcessId: "string", User: "string", Process: "string",
  CommandLine: "string" };

function asim(packages, tables, folder, files) {
  let bad = 0;
  const { analyze } = service(packages, tables, folder);
  for (const file of files) {
    const text = fs.readFileSync(file, "utf8");
    const names = [.../^\/\/ Parameters: \((.*)\)$/m.exec(text)[1].matchAll(/(\w+): \w+ = /g)].map((m) => m[1]);
    if (names.join() !== asimParameters.join()) { console.log(`${file}: the parameters are ${names.join(", ")}`); bad++; }
    if (!/^ +User = (TargetUsername|EffectiveUser),$/m.test(text) || !/^ +TargetUsername( = EffectiveUser)?,$/m.test(text)) {
      console.log(`${file}: User is not TargetUsername`);
      bad++;
    }
    const columns = analyze(`${path.basename(file, ".kql")}()`).ResultType.Columns;
    const types = new Map();
    for (let i = 0; i < columns.Count; i++) types.set(columns.getItem(i).Name, columns.getItem(i).Type.Name);
    for (const [name, type] of Object.entries(asimColumns)) {
      if (types.get(name) === type) continue;
      console.log(`${file}: column ${name} is ${types.get(name) ?? "missing"}, not ${type}`);
      bad++;
    }
  }
  return bad > 0 || files.length === 0 ? 1 : 0;
}

// Microsoft's language service with the tables of a workspace, and saved functions put before a query that calls them.
function service(packages, tables, folder) {
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

  const withFunctions = (query) => definitions(query, "", new Set()) + query;
  return { functions, withFunctions, analyze: (query) => KustoCode.ParseAndAnalyze(withFunctions(query), globals) };
}

function check(packages, tables, folder, files) {
  const { functions, withFunctions, analyze } = service(packages, tables, folder);
  let bad = 0;
  for (const file of files) {
    const text = fs.readFileSync(file, "utf8");
    const own = path.basename(file, ".kql");
    const query = functions.has(own) ? `${own}()` : text;
    const all = withFunctions(query);
    const diagnostics = analyze(query).GetDiagnostics();
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
if (first === "--times") process.exit(times(rest));
if (first === "--once") process.exit(once(rest[0], rest[1], rest[2]));
if (first === "--asim") process.exit(asim(rest[0], rest[1], rest[2], rest.slice(3)));
process.exit(modes[first] ? modes[first](rest[0], rest.slice(1)) : check(first, rest[0], rest[1], rest.slice(2)));
