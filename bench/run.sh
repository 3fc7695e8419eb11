#!/usr/bin/env bash
# Every comparison with a peer, one after the other, each with its two sides in turn: installs the peers by package, makes its own logs, prints what each
# script prints, and writes all of it with a table of ratios to bench/results/DATE.md.
#   bench/run.sh              as the figures in bench/ are made: about 40 minutes on 2 cores that nothing else uses
#   bench/run.sh --short      the same, smaller: about 10 minutes; to see that it works
#   bench/run.sh [--short] NAME…   only these: check converge lost throughput live idle scale
# Needs root, and that no audit daemon runs. What the scripts change they put back.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=test/lib/suites.sh
. test/lib/suites.sh
[ "$(id -u)" = 0 ] || { echo "run.sh: needs root" >&2; exit 3; }

short=false suffix=''
[ "${1:-}" = --short ] && { short=true suffix=-short; shift; }
names=("$@")
[ ${#names[@]} -gt 0 ] || names=(check converge lost throughput live idle scale)

install_packages auditd audispd-plugins laurel gcc libc6-dev clang curl time rsync
step "native build" ./build.sh || give_up "the native build failed"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# arguments FULL SHORT
arguments() { if $short; then echo "$2"; else echo "$1"; fi; }
# run NAME TURNS COMMAND…: TURNS times, all of its output kept.
run() {
  local name=$1 turns=$2 turn; shift 2
  case " ${names[*]} " in *" $name "*) ;; *) return 0 ;; esac
  say "$name"
  echo "$*" >"$work/$name.command"
  for ((turn = 0; turn < turns; turn++)); do
    if ! "$@" 2>"$work/errors" | tee -a "$work/$name"; then cat "$work/errors" >&2; give_up "$name failed"; fi
  done
}
# shellcheck disable=SC2046
{
  run check 2 bench/check-vs-auditctl.sh 10000 3
  run converge 2 bench/converge.sh "$(arguments 25 5)"
  run lost 1 bench/no-event-lost.sh $(arguments "200 40" "20 4")
  run throughput 1 bench/events-throughput.sh $(arguments "100 5" "100 2")
  run live 1 bench/events-live.sh $(arguments "20 1000 2" "5 1000 1")
  run idle 1 bench/idle.sh "$(arguments 10 1)"
  run scale 1 bench/scale.sh
}

# The ratios: medians of what was printed. TURNS is how many values a median is of.
#   row WHAT OURS PEER UNIT: from files with one number a line
row() {
  local turns
  [ -s "$2" ] && [ -s "$3" ] || return 0
  turns=$(wc -l <"$2")
  printf '| %s | %s | %s | %s | %s | %s |\n' "$1" "$(median "$2")" "$(median "$3")" "$4" \
    "$(awk -v a="$(median "$3")" -v b="$(median "$2")" 'BEGIN { if (b > 0) printf "%.1f", a / b; else printf "-" }')" "$turns"
}
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
# column NAME PATTERN FIELD: that field of the lines of NAME's output that begin with PATTERN
column() {
  touch "$work/$1"
  awk -v start="$2" -v field="$3" 'index($0, start " ") == 1 { print $field }' "$work/$1" >"$work/$1.${2// /-}.$3"
  echo "$work/$1.${2// /-}.$3"
}

today=$(date -u +%F)
results=bench/results/$today$suffix.md
again=1
while [ -e "$results" ]; do # what another run of the day wrote stays
  again=$((again + 1))
  results=bench/results/$today$suffix-$again.md
done
# shellcheck disable=SC2016 # Markdown's backticks
{
  printf '# Benchmarks of %s\n\n' "$today"
  printf '`bench/run.sh%s` at %s, Linux %s, %s cores, load %s at its end. auditd %s, laurel %s, %s.\n\n' "${suffix:+ --short}" "$(commit_of src bench)" \
    "$(uname -r | cut -d. -f1,2)" "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)" "$(dpkg-query -W -f '${Version}' auditd)" "$(dpkg-query -W -f '${Version}' laurel)" \
    "$(artifacts/aks-auditd --version)"
  printf '| | ours | peer | unit | ratio | turns |\n|---|---|---|---|---|---|\n'
  row 'check of 10,000 rules; `auditctl -R` loads them' "$(column check check 4)" "$(column check 'auditctl -R' 5)" ms
  row 'time to converge, median; the earlier systems'"'"' way' "$(column converge ours 2)" "$(column converge earlier 2)" ms
  row 'programs missed in policy changes; empty, copy, restart' "$(column lost 'ordered difference' 6)" "$(column lost 'empty, copy, restart auditd' 8)" programs
  row '100 MB of records to JSON, CPU; laurel' "$(column throughput ours 2)" "$(column throughput laurel 2)" s
  row 'the same with a pod in each event, CPU; laurel' "$(column throughput with-pod 2)" "$(column throughput laurel 2)" s
  row 'peak memory; laurel' "$(column throughput ours 5)" "$(column throughput laurel 5)" MB
  row 'the same, CPU; `ausearch --format csv`' "$(column throughput ours 2)" "$(column throughput ausearch 2)" s
  row 'live, 20,000 programs: CPU of the plugin; laurel' "$(column live plugin 8)" "$(column live laurel 8)" s
  row 'live, 20,000 programs: CPU of embedded mode; auditd alone, raw' "$(column live embedded 7)" "$(column live raw 7)" s
  for name in "${names[@]}"; do
    printf '\n## %s\n\n`%s`\n\n' "$name" "$(cat "$work/$name.command")"
    sed 's/^/    /; s/ *$//' "$work/$name"
  done
} >"$work/results"
mv "$work/results" "$results"
say "written: $results"
sed -n '1,/^## /p' "$results" | sed '$d'
