#!/usr/bin/env bash
# What the rule packs cost: events and bytes in auditd's log for each key, with all packs loaded and small workloads, each done so many times:
#   program     a program that is started
#   container   a container that is started and ends at once, by runc
#   exec        a program that is started in a running container, by runc: kubectl exec, an exec probe
# Prints a table of events and bytes a time; what the rest of the machine does meanwhile is in it.
# Needs root, auditd, runc and busybox-static; puts the machine's audit state back.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=demo/lib.sh
. demo/lib.sh
times=${1:-50}

[ "$(id -u)" = 0 ] || { echo "rule-cost.sh: run it as root" >&2; exit 2; }
for program in auditd runc busybox; do command -v $program >/dev/null || { echo "rule-cost.sh: $program is not installed" >&2; exit 2; }; done

exec 9>/run/lock/aks-auditd-tests
flock 9
work=$(mktemp -d /tmp/aks-auditd-cost.XXXXXX)
auditd=
audit_save "$work/saved"
put_back() {
  trap - EXIT INT TERM
  runc --root "$work/runc" delete -f aks-cost >/dev/null 2>&1 || true
  if [ -n "$auditd" ]; then kill "$auditd" 2>/dev/null || true; wait "$auditd" 2>/dev/null || true; fi
  audit_restore "$work/saved"
  rm -rf "$work"
}
trap put_back EXIT
trap 'exit 130' INT TERM

mkdir -p "$work/auditd/plugins.d" "$work/bundle/rootfs/bin"
printf '%s\n' "log_file = $work/audit.log" 'log_format = RAW' 'flush = none' 'max_log_file = 1000' 'max_log_file_action = ignore' 'space_left = 75' \
  'space_left_action = ignore' 'admin_space_left = 50' 'admin_space_left_action = ignore' "plugin_dir = $work/auditd/plugins.d" >"$work/auditd/auditd.conf"
chmod 640 "$work/auditd/auditd.conf"
auditd -n -s enable -c "$work/auditd" 9>&- &
auditd=$!
for _ in $(seq 100); do [ "$(auditctl -s | awk '$1 == "pid" { print $2 }')" = "$auditd" ] && break; sleep 0.05; done

# Where this machine has its programs; what it lacks (a kubelet) is left out, as a node would.
runc=$(command -v runc)
{ echo -c; cat rules/*.rules; } | grep -v '^-D' | sed "s#/usr/bin/runc\$#$runc#" >"$work/all.rules"
auditctl -D >/dev/null
auditctl -R "$work/all.rules" >"$work/load" 2>&1 || true
echo "rules: $(auditctl -l | wc -l) of $(grep -c '^-a' "$work/all.rules"), times: $times"

cp "$(command -v busybox)" "$work/bundle/rootfs/bin/busybox"
ln -s busybox "$work/bundle/rootfs/bin/true"
ln -s busybox "$work/bundle/rootfs/bin/sleep"
config() { # PROGRAM ARGUMENT…
  (cd "$work/bundle" && rm -f config.json && runc spec)
  sed -i "s#\"terminal\": true#\"terminal\": false#; s#\"sh\"#$(printf '"%s",' "$@" | sed 's/,$//')#" "$work/bundle/config.json"
}
log_end() { sleep 1; stat -c %s "$work/audit.log"; }
# measure NAME COMMAND…: so many times, then what is new in the log, by key.
measure() {
  local name=$1 from to; shift
  from=$(log_end)
  for _ in $(seq "$times"); do "$@" >/dev/null 2>"$work/error" || { echo "rule-cost.sh: $*: status $?: $(cat "$work/error")" >&2; exit 1; }; done
  to=$(log_end)
  # The log may grow while it is read.
  { tail -c "+$((from + 1))" "$work/audit.log" || true; } | head -c "$((to - from))" | awk -v name="$name" -v times="$times" '
    { match($0, /:[0-9]+\)/); id = substr($0, RSTART, RLENGTH); bytes[id] += length($0) + 1; if (!(id in type)) { split($1, t, "="); type[id] = t[2] } }
    $1 == "type=SYSCALL" { key[id] = match($0, / key="[^"]*"/) ? substr($0, RSTART + 6, RLENGTH - 7) : "(no key)" }
    END {
      for (id in bytes) { k = (id in key && key[id] != "(no key)") ? key[id] : type[id]; events[k]++; sum[k] += bytes[id] }
      for (k in events) printf "%-10s %-16s %8.1f %9.0f\n", name, k, events[k] / times, sum[k] / times
    }' | sort -k3,3nr
}

printf '%-10s %-16s %8s %9s\n' workload key events bytes
measure program /bin/true
config true
measure container runc --root "$work/runc" run --bundle "$work/bundle" aks-cost
config sleep 600
runc --root "$work/runc" run --detach --bundle "$work/bundle" aks-cost </dev/null >/dev/null 2>&1 9>&-
measure exec runc --root "$work/runc" exec aks-cost true
