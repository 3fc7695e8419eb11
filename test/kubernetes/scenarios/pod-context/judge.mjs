// Says of each event with an argument mark=POD whether it carries that pod: node judge.mjs EVENTS
import { readFileSync } from "node:fs";

for (const line of readFileSync(process.argv[2], "utf8").split("\n")) {
  if (!line.includes("mark=")) continue;
  const { process: { args = [], executable }, kubernetes, container } = JSON.parse(line);
  const mark = args.map((a) => /mark=([a-z0-9-]+)/.exec(a ?? "")?.[1]).find((m) => m);
  if (!mark) continue;
  const pod = kubernetes?.pod?.name;
  const verdict = pod === mark ? "right" : pod === undefined && container?.id !== "host" ? "unknown" : "wrong";
  console.log(verdict, mark, executable, pod, container?.id, kubernetes?.container?.name ?? "unnamed");
}
