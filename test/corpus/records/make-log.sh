#!/usr/bin/env bash
# Makes a real audit log: starts auditd with a configuration of its own, loads rules, runs workload.c, stops auditd.
#   make-log.sh DIRECTORY [ROUNDS=200] [RAW|ENRICHED=ENRICHED] [NODE] [LOAD]
# LOAD is sourced and has functions of its own for what is done by default: rules, and load, which runs as the audited login user.
# Leaves DIRECTORY/audit.log. Needs root, auditd, clang (or CC). The kernel's audit state is one for the machine: the caller
# holds whatever lock guards it. Rules, control values and the daemon are put back or stopped at the end.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
directory=$1 rounds=${2:-200} format=${3:-ENRICHED} node=${4:-} own=${5:-}
auid=13
mkdir -p "$directory/plugins.d" "$directory/work"
directory=$(cd "$directory" && pwd)
"${CC:-clang}" -O1 -w -o "$directory/workload" "$here/workload.c"

status() { auditctl -s | awk -v name="$1" '$1 == name { print $2 }'; }
[ "$(status pid)" = 0 ] || { echo "make-log.sh: process $(status pid) owns the audit socket" >&2; exit 3; }
enabled=$(status enabled) backlog=$(status backlog_limit) wait=$(status backlog_wait_time) failure=$(status failure)
saved=$(auditctl -l | grep -v '^No rules$' || true)

cat >"$directory/auditd.conf" <<CONF
local_events = yes
write_logs = yes
log_file = $directory/audit.log
log_group = root
log_format = $format
flush = none
freq = 0
max_log_file = 1000
num_logs = 0
priority_boost = 0
name_format = $([ -n "$node" ] && echo user || echo none)
$([ -n "$node" ] && echo "name = $node")
max_log_file_action = ignore
space_left = 75
space_left_action = ignore
admin_space_left = 50
admin_space_left_action = ignore
disk_full_action = ignore
disk_error_action = ignore
q_depth = 20000
overflow_action = ignore
plugin_dir = $directory/plugins.d
end_of_event_timeout = 2
CONF
chmod 640 "$directory/auditd.conf"

daemon=
restore() {
  set +e
  auditctl -D >/dev/null 2>&1
  if [ -n "$daemon" ]; then
    kill "$daemon" 2>/dev/null
    wait "$daemon" 2>/dev/null
  fi
  auditctl -D >/dev/null 2>&1
  while read -r rule; do
    # shellcheck disable=SC2086
    [ -z "$rule" ] || auditctl $rule >/dev/null
  done <<<"$saved"
  auditctl -b "$backlog" --backlog_wait_time "$wait" -f "$failure" -e "$enabled" >/dev/null 2>&1
  rm -rf "$directory/work"
}
trap restore EXIT

auditd -n -s enable -c "$directory" </dev/null >"$directory/auditd.out" 2>&1 &
daemon=$!
for _ in $(seq 100); do
  [ "$(status pid)" = "$daemon" ] && break
  sleep 0.05
done
[ "$(status pid)" = "$daemon" ] || { cat "$directory/auditd.out" >&2; echo "make-log.sh: auditd did not start" >&2; exit 3; }

rules() {
  auditctl -D >/dev/null
  auditctl -b 16384 --backlog_wait_time 60000 >/dev/null
  local arch
  for arch in b64 b32; do
    auditctl -a always,exit -F arch=$arch -S execve,execveat -F auid=$auid -k exec
    auditctl -a always,exit -F arch=$arch -S openat,open -F auid=$auid -F success=0 -k access -k denied
    auditctl -a always,exit -F arch=$arch -S mount,umount2 -F auid=$auid -k mount
    auditctl -a always,exit -F arch=$arch -S all -F auid=$auid
  done
  auditctl -a always,io_uring -S openat,unlinkat -F auid=$auid -k uring 2>/dev/null || true
  auditctl -w "$directory/work" -p wa -k work
} >/dev/null
load() { exec "$directory/workload" "$rounds" "$directory/work"; }
# shellcheck source=/dev/null
[ -z "$own" ] || . "$own"
rules
auditctl -m "a message from make-log" >/dev/null
auditctl -m 'hostname=? res=success it'"'"'s "quoted"' >/dev/null
auditctl --reset-lost >/dev/null 2>&1
(
  echo $auid >/proc/self/loginuid
  load
) </dev/null >/dev/null 2>&1
# What waits in the kernel, or in auditd's socket, is lost when auditd is stopped: both must have come to rest first.
size() { stat -c %s "$directory/audit.log"; }
for _ in $(seq 600); do
  before=$(size)
  sleep 0.2
  [ "$(status backlog)" = 0 ] && [ "$(size)" = "$before" ] && break
done
kill -USR1 "$daemon"
[ -n "$own" ] || auditctl -d always,exit -F arch=b64 -S execve,execveat -F auid=$auid -k exec >/dev/null
auditctl -D >/dev/null
echo "lost $(status lost)"
