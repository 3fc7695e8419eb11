#!/usr/bin/env bash
# What a soak came to, as Markdown, and a plot of memory and descriptors beside it.
#   report.sh FOLDER SVG HEADING    FOLDER: /mnt/x as the guest left it; exit status 1 when something is not as it should be
set -euo pipefail
folder=$1 svg=$2 heading=$3
failed=0
# Faults after which an act may be in nobody's count, by what keeps the record; any other fault may lose nothing.
may_lose() {
  case $1 in
    audit) echo stop-auditd kill-auditd auditd-upgrade auditd-stopped delete-rules audit-off disk-full flood ;;
    plugin) echo stop-auditd kill-auditd syslog-down auditd-upgrade auditd-stopped delete-rules audit-off kill-plugin kill-rsyslog file-edited flood ;;
    events) echo kill-events delete-rules audit-off stop-events flood ;;
  esac
}
verdict() { # HOLDS TEXT
  if [ "$1" = 1 ]; then echo "- ok: $2"; else echo "- **not so**: $2"; failed=$((failed + 1)); fi
}
is() { if [ "$1" = "$2" ]; then echo 1; else echo 0; fi; } # VALUE WANTED
sum() { awk -v where="$1" -v kind="$2" '$1 == "missing" && $2 == where && (kind == "" || index($3, kind "@") == 1 || $3 == kind) { n += $4 } END { print n + 0 }' "$folder/account.txt"; }
done_of() { awk -v kind="$1" '$1 == "done" && $2 == kind { print $3 }' "$folder/account.txt"; }

mapfile -t kinds < <(awk '{ print $3 }' "$folder/faults.log" | sort -u)
acts=$(awk '$1 == "done" { n += $3 } END { print n + 0 }' "$folder/account.txt")
printf '# Soak\n\n%s\n\n' "$heading"
printf 'Each act has a number of its own: %s in all: %s programs, %s files, %s connections, %s containers' "$acts" "$(done_of e)" "$(done_of o)" "$(done_of c)" "$(done_of p)"
[ -z "$(done_of f)" ] || printf ', %s programs of floods' "$(done_of f)"
printf '.\n\n## What holds\n\n'
for where in audit plugin events; do
  none=$(sum $where none)
  verdict "$(is "$none" 0)" "outside of faults nothing is missing in $(case $where in audit) echo "auditd's log" ;; plugin) echo "the plugin's lines at the other end of syslog" ;; *) echo "the lines of \`events\`" ;; esac) ($none of $acts)"
  other=0
  for kind in "${kinds[@]}"; do
    case " $(may_lose $where) " in *" $kind "*) ;; *) other=$((other + $(sum $where "$kind"))) ;; esac
  done
  verdict "$(is $other 0)" "nor during faults that may lose nothing ($other)"
done
policies=$(wc -l <"$folder/policies.log")
# Not seen in time is no failure while a fault holds it up, when a later one was.
unseen=$(awk 'FILENAME ~ /faults/ { from[++n] = $1; to[n] = $2; next } $3 == "-" { in_fault = 0; for (i = 1; i <= n; i++) if ($1 <= to[i] && $1 + 55000 >= from[i]) in_fault = 1; print (in_fault ? "fault" : "none") }' "$folder/faults.log" "$folder/policies.log")
verdict "$(is "$(grep -c none <<<"$unseen")" 0)" "every policy was in the kernel within 55 s, but for $(grep -c fault <<<"$unseen" || true) of $policies that a fault held up, and the next one replaced"
verdict "$(is "$(grep -c '^in sync *yes' "$folder/status.txt")" 1)" "at the end the node is as the last policy says"
verdict "$(is "$(grep -c not-healed "$folder/faults.log")" 0)" "after each of $(wc -l <"$folder/faults.log") faults the node became well again by itself within 90 s"
zombies=$(awk '$2 == "zombie" { n[$3 " " $4]++ } END { for (z in n) if (n[z] > 1) print z }' "$folder/samples.log" | wc -l)
verdict "$(is "$zombies" 0)" "no zombie was there at two samples one after the other ($zombies)"
stray=$(diff "$folder/files.before" "$folder/files.after" | grep -c '^[<>]' || true)
verdict "$(is "$stray" 0)" "the files of \`/etc/audit\`, \`/var/lib/aks-auditd\`, \`/run/aks-auditd\` and the like are those of the start ($stray differ)"
[ "$stray" = 0 ] || diff "$folder/files.before" "$folder/files.after" | sed -n 's/^[<>]/      &/p'

# Each life of a process, from two minutes after its start: the median of its memory in the first half against the second, since what a fault makes a program hold for some
# seconds is no growth; and its fewest descriptors: a program that it runs has pipes of its own for a moment.
growth=$(awk '$2 ~ /^(agent|auditd|plugin|events|rsyslog)$/ { key = $2 " " $3; if (!(key in first)) { first[key] = $1 } if ($1 - first[key] > 120000) { m[key, ++n[key]] = $4; f[key, n[key]] = $6 } }
  function median(key, from, to,   i, j, v, sorted) {
    for (i = from; i <= to; i++) { v = m[key, i]; for (j = i - from; j > 0 && sorted[j] > v; j--) sorted[j + 1] = sorted[j]; sorted[j + 1] = v }
    return sorted[int((to - from + 2) / 2)]
  }
  END { for (k in n) if (n[k] >= 12) { c = d = 1e9; h = int(n[k] / 2); a = median(k, 1, h); b = median(k, h + 1, n[k])
    for (i = 1; i <= n[k]; i++) { if (i <= h) { if (f[k, i] < c) c = f[k, i] } else { if (f[k, i] < d) d = f[k, i] } }
    if (b > a * 1.25 + 2048 || d > c + 2) print k, a, b, c, d } }' "$folder/samples.log")
verdict "$(is "${growth:-none}" none)" "memory and descriptors are flat: in no process's second half of life is the median of its memory more than a quarter and 2 MiB, or are its fewest descriptors more than two, above the first half's (lives of at least twelve samples)"
[ -z "$growth" ] || printf '      %s\n' "$growth"
verdict "$(is "$(grep -oE '"isBalanced":(true|false)' "$folder/samples.log" | sort -u)" '"isBalanced":true')" "at every sample the plugin's accounts balance"
verdict "$(is "$(wc -l <"$folder/faults.err")" 0)" "nothing went wrong in the faults themselves ($(wc -l <"$folder/faults.err") lines)"

# shellcheck disable=SC2016 # for Markdown
printf '\n## What is missing, by fault\n\n| fault | times | well again after it was undone, s (median, longest) | in auditd'"'"'s log | in the plugin'"'"'s lines | in `events` | records the kernel counts as lost |\n|---|---|---|---|---|---|---|\n'
for kind in "${kinds[@]}"; do
  awk -v kind="$kind" '$3 == kind { print ($2 - $1 - $6) / 1000 - 2, $7 }' "$folder/faults.log" | sort -n |
    awk -v kind="$kind" -v a="$(sum audit "$kind")" -v p="$(sum plugin "$kind")" -v e="$(sum events "$kind")" \
      '{ t[NR] = $1; lost += $2 } END { printf "| %s | %d | %.1f, %.1f | %d | %d | %d | %d |\n", kind, NR, t[int((NR + 1) / 2)], t[NR], a, p, e, lost }'
done
printf '\nTwice: '
awk '$1 == "twice" { printf "%s%s in %s", (n++ ? ", " : ""), $3, $2 } END { print "." }' "$folder/account.txt"
awk '$1 == "pods" { printf "Of the containers'"'"' programs in the lines of %s, %d of %d name their pod.\n", $2, $3, $4 }' "$folder/account.txt"
printf '\n## Policies\n\n'
awk '$3 != "-" { print $3 }' "$folder/policies.log" | sort -n | awk '{ t[NR] = $1 } END { printf "Until the kernel had a policy, looked for every second: median %.1f s, 95 %% %.1f s, longest %.1f s.\n", t[int((NR + 1) / 2)] / 1000, t[int(NR * 0.95)] / 1000, t[NR] / 1000 }'
printf '\n## The plugin'"'"'s own count\n\nThe last report of each of its lives:\n\n| pid | received | recovered | notices | delivered | lost | spooled | serial numbers that never came |\n|---|---|---|---|---|---|---|---|\n'
awk '$2 == "report" { match($0, /"pid":[0-9]+/); last[substr($0, RSTART + 6, RLENGTH - 6)] = $0; if (!seen[substr($0, RSTART + 6, RLENGTH - 6)]++) order[++n] = substr($0, RSTART + 6, RLENGTH - 6) }
  function value(text, name) { if (!match(text, "\"" name "\":[0-9]+")) return 0; return substr(text, RSTART + length(name) + 3, RLENGTH - length(name) - 3) }
  END { for (i = 1; i <= n; i++) { t = last[order[i]]; print "| " order[i] " | " value(t, "received") " | " value(t, "recovered") " | " value(t, "notices") " | " value(t, "delivered") " | " value(t, "lost") " | " value(t, "spooled") " | " value(t, "missing") " |" } }' "$folder/samples.log"
printf '\n## Memory and descriptors\n\n![memory and descriptors over time](%s)\n\n| program | lives | resident MiB, least to most | descriptors, least to most |\n|---|---|---|---|\n' "$(basename "$svg")"
awk '$2 ~ /^(agent|auditd|plugin|events|rsyslog)$/ { k = $2; if (!((k, $3) in p)) { p[k, $3] = 1; lives[k]++ } if (!(k in lo) || $4 < lo[k]) lo[k] = $4; if ($4 > hi[k]) hi[k] = $4; if (!(k in fl) || $6 < fl[k]) fl[k] = $6; if ($6 > fh[k]) fh[k] = $6 }
  END { n = split("agent auditd plugin events rsyslog", order, " "); for (i = 1; i <= n; i++) { k = order[i]; printf "| %s | %d | %.1f to %.1f | %d to %d |\n", k, lives[k], lo[k] / 1024, hi[k] / 1024, fl[k], fh[k] } }' "$folder/samples.log"

awk 'FILENAME ~ /faults/ { fault[++faults] = $1; next } $2 ~ /^(agent|auditd|plugin|events)$/ { n++; t[n] = $1; who[n] = $2; m[n] = $4 / 1024; d[n] = $6; if ($1 > last) last = $1; if (!first) first = $1; if (m[n] > top) top = m[n]; if (d[n] > most) most = d[n] }
  function x(at) { return 50 + 830 * (at - first) / (last - first) }
  function plot(title, from, values, max, unit,   k, i, line, life) {
    printf "<text x=\"50\" y=\"%d\">%s</text><line x1=\"50\" x2=\"880\" y1=\"%d\" y2=\"%d\" stroke=\"#888\"/><text x=\"8\" y=\"%d\">%d</text><text x=\"8\" y=\"%d\">0</text>\n", from - 8, title, from + 200, from + 200, from + 8, max, from + 200
    for (k = 1; k <= 4; k++) {
      line = ""
      for (i = 1; i <= n; i++) if (who[i] == name[k]) line = line sprintf("%.1f,%.1f ", x(t[i]), from + 200 - 195 * values[i] / max)
      printf "<polyline fill=\"none\" stroke=\"%s\" points=\"%s\"/><text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>\n", colour[k], line, 500 + 90 * k, from - 8, colour[k], name[k]
    }
  }
  END {
    split("agent auditd plugin events", name, " "); split("#1f77b4 #d62728 #2ca02c #9467bd", colour, " ")
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"520\" font-family=\"sans-serif\" font-size=\"12\"><rect width=\"900\" height=\"520\" fill=\"white\"/>"
    for (i = 1; i <= faults; i++) printf "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"30\" y2=\"480\" stroke=\"#eee\"/>\n", x(fault[i]), x(fault[i])
    plot("resident memory, MiB", 30, m, int(top) + 1); plot("file descriptors", 280, d, most + 1)
    printf "<text x=\"50\" y=\"505\">%.0f minutes; a grey line is a fault</text></svg>\n", (last - first) / 60000
  }' "$folder/faults.log" "$folder/samples.log" >"$svg"
echo
cat "$(dirname "$0")/found.md"
[ $failed = 0 ]
