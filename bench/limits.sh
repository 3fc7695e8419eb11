#!/usr/bin/env bash
# How cost grows: CPU time and peak memory of the program at 1, 10 and 100 times as much of one thing, the others as they are.
#   bench/limits.sh [NAME…]     rules, files, events, arguments, containers (as root); default all of these
#   bench/limits.sh kernel      as root: how long the agent takes until the kernel has, and no longer has, so many rules; puts the machine's audit state back
# Needs artifacts/aks-auditd (./build.sh). docs/reliability.md has what it printed.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=test/lib/suites.sh
. test/lib/suites.sh
# shellcheck source=demo/lib.sh
. demo/lib.sh
program=$PWD/artifacts/aks-auditd
[ -x "$program" ] || { echo "limits.sh: run ./build.sh first" >&2; exit 3; }
install_packages time
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# measure WHAT COUNT COMMAND…: the best of three.
measure() {
  local what=$1 count=$2 i; shift 2
  for i in 1 2 3; do /usr/bin/time -f '%U %S %M' -o "$work/time$i" "$@" >/dev/null 2>"$work/errors" </dev/null || { cat "$work/errors" >&2; return 1; }; done
  awk -v what="$what" -v count="$count" '{ t = $1 + $2; if (!best || t < best) { best = t; memory = $3 } } END { printf "%-12s %8d %9.2f %9.1f\n", what, count, best, memory / 1024 }' "$work"/time?
}

# different RULES: as many rules, none like another.
different() { seq -f '-a always,exit -F arch=b64 -S openat -F a2=%.0f -F key=k' 1 "$1"; }

# events COUNT ARGUMENTS: an audit log of programs that were started, now: of events from before the boot the program takes no process it knows for theirs, and looks each time.
events() {
  awk -v count="$1" -v arguments="$2" -v now="$(date +%s)" 'BEGIN {
    for (a = 0; a < arguments; a++) list = list sprintf(" a%d=\"argument-%d\"", a, a)
    for (i = 1; i <= count; i++) {
      id = sprintf("msg=audit(%d.%03d:%d):", now, i % 1000, i)
      print "type=SYSCALL " id " arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=8 items=2 ppid=1 pid=" 1000 + i % 30000 " auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm=\"true\" exe=\"/usr/bin/true\" subj=unconfined key=\"exec\""
      print "type=EXECVE " id " argc=" arguments list
      print "type=CWD " id " cwd=\"/root\""
      print "type=PATH " id " item=0 name=\"/usr/bin/true\" inode=1 dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0"
      print "type=PROCTITLE " id " proctitle=\"true\""
    }
  }'
}

limit_rules() {
  for n in 100 1000 10000; do
    different $n >"$work/10.rules"
    measure rules $n "$program" compile "$work/10.rules"
  done
}

limit_files() {
  for n in 1 10 100; do
    rm -rf "$work/rules.d"; mkdir "$work/rules.d"
    different 1000 | split -n "r/$n" -d -a 3 --additional-suffix=.rules - "$work/rules.d/"
    measure files $n "$program" compile "$work/rules.d"
  done
}

limit_events() {
  for n in 2000 20000 200000; do
    events $n 3 >"$work/audit.log"
    measure events $n "$program" events --from audit-log "$work/audit.log" --to stdout --output json
  done
}

# Arguments of each of 500 programs.
limit_arguments() {
  for n in 10 100 1000; do
    events 500 $n >"$work/audit.log"
    measure arguments $n "$program" events --from audit-log "$work/audit.log" --to stdout --output json
  done
}

# Control groups as a kubelet makes them, one a pod and one a container, while the program listens to the kernel for five seconds: it watches them all.
limit_containers() {
  top=/sys/fs/cgroup/kubepods-of-limits
  [ -e /sys/fs/cgroup/cgroup.controllers ] || top=/sys/fs/cgroup/pids/kubepods-of-limits
  trap 'find "$top" -depth -type d -exec rmdir {} + 2>/dev/null; rm -rf "$work"' EXIT
  for n in 10 100 1000; do
    seq -f "$top/pod0b54bd2c-4f0d-4d3c-9d1e-%012.0f" 1 "$n" | awk '{ printf "%s/%064d\n", $0, NR }' | xargs mkdir -p
    measure containers "$n" timeout --preserve-status 5 "$program" events --from kernel --to file "$work/events.json"
  done
}

# Each policy has one rule that stays; the agent's log says how many changes it made, and how long they took.
limit_kernel() {
  install_packages auditd audispd-plugins
  exec 9>/run/lock/aks-auditd-tests
  flock 9
  audit_save "$work/saved"
  trap 'kill "$agent" && wait "$agent"; audit_restore "$work/saved"; rm -rf "$work"' EXIT
  : >"$work/config.yaml"
  policy 0 0
  AA_CONFIG=$work/config.yaml AA_HOST_ROOT=/ AA_RULES_SOURCE=$work/volume AA_PLUGINS_SOURCE=none AA_STATE_DIR=$work/state AA_LISTEN=127.0.0.1:19809 AA_POLL_INTERVAL=1h \
    "$program" run 2>"$work/log" 9>&- &
  agent=$!
  applied 1
  local version=0
  for n in 10 100 1000; do
    for count in $n 0; do
      version=$((version + 1))
      policy "$count" $version
      applied $((version + 1))
      grep '"steps"' "$work/log" | tail -n 1 | sed -E "s/.*\"steps\":([0-9]+),\"milliseconds\":([0-9.]+).*/\1 \2/" |
        awk -v what="$([ "$count" = 0 ] && echo removed || echo added)" -v n="$n" '{ printf "%-12s %8d %9.0f ms, %d changes\n", what, n, $2, $1 }'
    done
  done
}
policy() { { echo '-a always,exit -F arch=b64 -S execve -k stays'; different "$1"; } >"$work/10.rules"; volume_write "$work/volume" "v$2" "$work/10.rules"; }
applied() { for _ in $(seq 1200); do [ "$(grep -c '"steps"' "$work/log")" -lt "$1" ] || return 0; sleep 0.1; done; cat "$work/log" >&2; return 1; }

[ $# -gt 0 ] || set -- rules files events arguments containers
printf '%-12s %8s %9s %9s\n' what 'so many' 'CPU s' 'peak MiB'
for name in "$@"; do "limit_$name"; done
