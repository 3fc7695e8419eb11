// markdown.mjs links FILE.md…: every relative link leads to a file, every anchor to a heading. Prints what does not, status 1 if anything.
// markdown.mjs blocks FILE.md FOLDER: writes every sh block that is to be run to FOLDER/LINE.sh, in order. A block that is not says why in a comment
//   on the line before it: <!-- not run: REASON -->. Prints the others' reasons; status 1 for a block in another shell's name or without a reason.
import fs from "node:fs";
import path from "node:path";

// Lines outside code blocks, and the blocks: {language, line (of the first line in it), before, text}.
function parse(file) {
  const lines = fs.readFileSync(file, "utf8").split("\n");
  const text = [], blocks = [];
  let block = null;
  lines.forEach((line, index) => {
    const fence = /^ *```+(\S*)/.exec(line);
    if (fence && block) { blocks.push(block); block = null; }
    else if (fence) block = { language: fence[1], line: index + 2, before: lines[index - 1] ?? "", lines: [] };
    else if (block) block.lines.push(line);
    else text.push([index + 1, line]);
  });
  if (block) throw new Error(`${file}:${block.line}: the block has no end`);
  return { text, blocks };
}

// As GitHub makes them of headings.
function anchors(file) {
  const found = new Set();
  for (const [, line] of parse(file).text) {
    const heading = /^#{1,6} +(.*?) *#*$/.exec(line);
    if (!heading) continue;
    const plain = heading[1].replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const slug = plain.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
    let name = slug;
    for (let n = 1; found.has(name); n++) name = `${slug}-${n}`;
    found.add(name);
  }
  return found;
}

function links(files) {
  let followed = 0, bad = 0;
  for (const file of files) {
    for (const [number, line] of parse(file).text) {
      for (const [, target] of line.replace(/`[^`]*`/g, "").matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        followed++;
        const [to, anchor] = target.split("#");
        const there = to ? path.join(path.dirname(file), decodeURIComponent(to)) : file;
        if (!fs.existsSync(there)) console.log(`${file}:${number}: there is no ${target}`);
        else if (anchor && there.endsWith(".md") && !anchors(there).has(anchor)) console.log(`${file}:${number}: ${there} has no heading #${anchor}`);
        else continue;
        bad++;
      }
    }
  }
  console.log(`${followed} links in ${files.length} files`);
  return followed === 0 || bad > 0;
}

function blocks(file, folder) {
  let count = 0, bad = 0;
  for (const { language, line, before, lines } of parse(file).blocks) {
    const mark = /^<!-- not run: *(.*?) *-->$/.exec(before);
    if (["bash", "shell", "console", "shell-session"].includes(language)) { console.log(`${file}:${line}: ${language}: commands stand in sh blocks here`); bad++; }
    if (mark && !mark[1]) { console.log(`${file}:${line}: not run, and no reason`); bad++; }
    if (language !== "sh") continue;
    if (mark) { console.log(`${file}:${line}: not run: ${mark[1]}`); continue; }
    fs.writeFileSync(path.join(folder, `${String(line).padStart(5, "0")}.sh`), lines.join("\n") + "\n");
    count++;
  }
  return count === 0 || bad > 0;
}

const [verb, ...rest] = process.argv.slice(2);
process.exit((verb === "links" ? links(rest) : blocks(rest[0], rest[1])) ? 1 : 0);
