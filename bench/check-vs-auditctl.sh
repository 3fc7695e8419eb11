#!/usr/bin/env bash
# Measures `check` on 10,000 rules beside loading the same file with `auditctl -R`, and prints the ratio.
# Needs root, auditctl and artifacts/aks-auditd (build.sh). Uses the kernel's audit state under the tests' lock and puts it back.
#   bench/check-vs-auditctl.sh [RULES [RUNS]]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=demo/lib.sh
. demo/lib.sh

count=${1:-10000} runs=${2:-5}
binary=$PWD/artifacts/aks-auditd
[ -x "$binary" ] || { echo "run ./build.sh first" >&2; exit 3; }
[ "$(id -u)" = 0 ] || { echo "auditctl needs root" >&2; exit 3; }

work=$(mktemp -d)
exec 9>/run/lock/aks-auditd-tests
flock 9
audit_save "$work/before"
# The kernel waits 12 ms for its readers with each rule it deletes; expedited, 0.1 ms.
expedited=$(cat /sys/kernel/rcu_expedited)
restore() {
  echo 1 >/sys/kernel/rcu_expedited
  audit_restore "$work/before"
  echo "$expedited" >/sys/kernel/rcu_expedited
  rm -rf "$work"
}
trap restore EXIT

# No two rules are equal, and none can match: arguments nobody passes.
{
  echo '-D'
  for ((i = 1; i <= count / 2; i++)); do
    echo "-a always,exit -F arch=b64 -S openat -F a3=$i -F a1=$i -F auid>=1000 -F auid!=unset -k bench"
    echo "-a always,exit -F arch=b32 -S openat -F a3=$i -F a1=$i -F auid>=1000 -F auid!=unset -k bench"
  done
} >"$work/bench.rules"

now() { date +%s%N; }
# best COMMAND…: the shortest of the runs, in microseconds.
best() {
  local least='' start took
  for ((r = 0; r < runs; r++)); do
    start=$(now)
    "$@" >"$work/output" 2>&1 || { cat "$work/output" >&2; return 1; }
    took=$((($(now) - start) / 1000))
    [ -n "$least" ] && [ "$least" -le "$took" ] || least=$took
  done
  echo "$least"
}
empty() {
  echo 1 >/sys/kernel/rcu_expedited
  auditctl -D >/dev/null
  echo "$expedited" >/sys/kernel/rcu_expedited
}

check=$(best "$binary" check "$work/bench.rules")
summary=$(tail -n 1 "$work/output")
empty
loaded=
for ((r = 0; r < runs; r++)); do
  start=$(now)
  auditctl -R "$work/bench.rules" >/dev/null
  took=$((($(now) - start) / 1000))
  [ -n "$loaded" ] && [ "$loaded" -le "$took" ] || loaded=$took
  rules=$(auditctl -l | wc -l)
  [ "$rules" = "$count" ] || { echo "the kernel has $rules of $count rules" >&2; exit 1; }
  empty
done

echo "check        $count rules  $((check / 1000)) ms   ($summary)"
echo "auditctl -R  $count rules  $((loaded / 1000)) ms   (adding to an empty kernel)"
echo "ratio        $(awk -v a="$loaded" -v b="$check" 'BEGIN { printf "%.1f", a / b }')"
