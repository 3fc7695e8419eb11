#!/usr/bin/env bash
# What it costs to have events as JSON while they happen: programs are started at a steady rate, and the CPU time of everything in user space that handles
# their audit events is measured, for each way in turn, and again: auditd alone (RAW, ENRICHED), auditd with laurel, auditd with our plugin; and no auditd: the agent in embedded mode, events as JSON on its standard output.
#   bench/events-live.sh [SECONDS [RATE [ROUNDS [WAY…]]]]     default 20 s, 1000 a second, 2 rounds, all ways
# Needs root, the kernel's audit system, that no audit daemon runs, and artifacts/aks-auditd (./build.sh). What it changes it puts back, also when it fails.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=test/lib/suites.sh
. test/lib/suites.sh
# shellcheck source=demo/lib.sh
. demo/lib.sh

seconds=${1:-20} rate=${2:-1000} rounds=${3:-2}
shift $(($# > 3 ? 3 : $#))
ways=("$@")
[ ${#ways[@]} -gt 0 ] || ways=(raw enriched laurel plugin plugin-raw plugin-binary embedded)
login=4711

[ "$(id -u)" = 0 ] || { echo "events-live.sh: needs root" >&2; exit 3; }
[ -x artifacts/aks-auditd ] || { echo "events-live.sh: run ./build.sh first" >&2; exit 3; }
install_packages auditd gcc libc6-dev laurel
work=$(mktemp -d)
gcc -O2 -o "$work/load" bench/NoEventLost/load.c
gcc -O2 -nostdlib -static -o "$work/nothing" bench/NoEventLost/nothing.c
binary=$PWD/artifacts/aks-auditd

status_of_kernel() { auditctl -s | awk -v key="$1" '$1 == key { print $2 }'; }

# ticks PID…: the processes' CPU time, user and kernel, in hundredths of a second.
ticks() {
  local pid user=0 system=0 fields
  for pid in "$@"; do
    fields=$(sed 's/.*) //' "/proc/$pid/stat")
    read -r _ _ _ _ _ _ _ _ _ _ _ u s _ <<<"$fields"
    user=$((user + u)) system=$((system + s))
  done
  echo "$user $system"
}

# configure WAY: auditd's files for it.
configure() {
  local format=ENRICHED
  case $1 in raw | plugin-raw) format=RAW ;; esac
  rm -rf "$work/audit"
  mkdir -p "$work/audit/plugins.d" "$work/out"
  cat >"$work/audit/auditd.conf" <<CONF
log_file = $work/audit/audit.log
log_group = root
log_format = $format
flush = INCREMENTAL_ASYNC
freq = 50
max_log_file = 1000
max_log_file_action = IGNORE
space_left = 2
space_left_action = IGNORE
admin_space_left = 1
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
q_depth = 2000
plugin_dir = $work/audit/plugins.d
CONF
  case $1 in
    laurel)
      # The package's own configuration, enrichment with it, but for where it writes.
      sed -e "s|^directory = .*|directory = \"$work/out\"|" -e 's|^user = .*|user = "root"|' /etc/laurel/config.toml >"$work/laurel.toml"
      plugin_file laurel /usr/sbin/laurel "--config $work/laurel.toml" string
      ;;
    plugin*)
      printf 'to: file:%s\nspool: { directory: %s }\n' "$work/out/events.log?size=1Gi" "$work/spool" >"$work/events.yaml"
      plugin_file aks-auditd "$binary" "plugin --config=$work/events.yaml" "$([ "$1" = plugin-binary ] && echo binary || echo string)"
      ;;
  esac
  chmod -R go-w "$work/audit"
  chmod 0640 "$work/audit/auditd.conf"
}

plugin_file() {
  printf 'active = yes\ndirection = out\npath = %s\ntype = always\nargs = %s\nformat = %s\n' "$2" "$3" "$4" >"$work/audit/plugins.d/$1.conf"
  chmod 0640 "$work/audit/plugins.d/$1.conf"
}

# measure WAY: one line of figures.
measure() {
  local way=$1 daemon before after own programs started elapsed pids=() first=1
  [ "$way" = embedded ] && first=0
  configure "$way"
  if [ "$way" = embedded ]; then
    start_agent
  else
    auditd -n -c "$work/audit" </dev/null >"$work/auditd.out" 2>&1 9>&- &
  fi
  daemon=$!
  for _ in $(seq 100); do [ "$(status_of_kernel pid)" = "$daemon" ] && break; sleep 0.05; done
  [ "$(status_of_kernel pid)" = "$daemon" ] || { cat "$work/auditd.out" >&2; echo "events-live.sh: auditd did not start" >&2; return 1; }
  [ "$way" = embedded ] || auditctl -D >/dev/null
  auditctl -b 8192 >/dev/null
  auditctl --reset-lost >/dev/null 2>&1 || true
  auditctl --reset_backlog_wait_time_actual >/dev/null 2>&1 || true
  [ "$way" = embedded ] || auditctl -a always,exit -F arch=b64 -S execve -F auid=$login -k live >/dev/null
  sleep 1
  mapfile -t pids < <(echo "$daemon"; pgrep -P "$daemon" || true)
  if [ ${#pids[@]} = 1 ]; then
    case $way in laurel | plugin*) cat "$work/auditd.out" >&2; echo "events-live.sh: the plugin did not start" >&2; return 1 ;; esac
  fi
  before=$(ticks "${pids[@]}")
  own=$(ticks "${pids[@]:$first}")
  (echo $login >/proc/self/loginuid && exec timeout --foreground -s TERM "$seconds" "$work/load" "$work/nothing" "$rate" live-) >"$work/load.out" 2>"$work/load.err" 9>&- || true
  read -r started elapsed <"$work/load.out" || { cat "$work/load.err" >&2; echo "events-live.sh: the load failed" >&2; return 1; }
  settle "${pids[@]}"
  after=$(ticks "${pids[@]}")
  programs=$(output_count "$way")
  printf '%-13s %7d %8.0f %8d %7.2f %8.2f %7.2f %9.2f %5s %11s %8s\n' "$way" "$started" "$(echo "$started $elapsed" | awk '{ print $1 / $2 }')" "$programs" \
    "$(per_20000 "$before" "$after" "$started" 1)" "$(per_20000 "$before" "$after" "$started" 2)" "$(per_20000 "$before" "$after" "$started" 0)" \
    "$(per_20000 "$own" "$(ticks "${pids[@]:$first}")" "$started" 0)" \
    "$(status_of_kernel lost)" "$(status_of_kernel backlog_wait_time_actual)" "$(memory "${pids[@]:$first}")"
  kill "$daemon"
  wait "$daemon" 2>/dev/null || true
  auditctl -D >/dev/null
  rm -rf "$work/out" "$work/spool"
}

# The agent as in a pod without auditd; its first rules are the others', and it is left to rest for a moment.
start_agent() {
  rm -rf "$work/rules" "$work/state"
  printf -- '-D\n-b 8192\n-a always,exit -F arch=b64 -S execve -F auid=%s -k live\n' "$login" >"$work/10.rules"
  volume_write "$work/rules" v0 "$work/10.rules"
  : >"$work/config.yaml"
  AA_MODE=embedded AA_CONFIG=$work/config.yaml AA_HOST_ROOT=/ AA_RULES_SOURCE=$work/rules AA_PLUGINS_SOURCE=none AA_STATE_DIR=$work/state \
    AA_LISTEN=127.0.0.1:19812 "$binary" run >"$work/out/events.log" 2>"$work/auditd.out" </dev/null 9>&- &
}

# settle PID…: until they have no work left.
settle() {
  local last='' now
  for _ in $(seq 60); do
    now=$(ticks "$@")
    [ "$now" = "$last" ] && [ "$(status_of_kernel backlog)" = 0 ] && return
    last=$now
    sleep 0.5
  done
}

# output_count WAY: the programs that arrived where they should.
output_count() {
  case $1 in
    laurel) cat "$work"/out/audit.log* | grep -c '"live-[0-9]' || true ;;
    plugin* | embedded) grep -c '"live-[0-9]' "$work/out/events.log" || true ;;
    *) grep -c 'a1="live-[0-9]' "$work/audit/audit.log" || true ;;
  esac
}

# per_20000 BEFORE AFTER PROGRAMS WHICH: seconds of CPU for 20,000 programs; which: 1 user, 2 kernel, 0 both.
per_20000() {
  echo "$1 $2 $3 $4" | awk '{ u = $3 - $1; s = $4 - $2; t = $6 == 1 ? u : $6 == 2 ? s : u + s; printf "%.2f", t / 100 * 20000 / $5 }'
}

memory() {
  [ $# -gt 0 ] || { echo -; return; }
  local pid
  for pid in "$@"; do cat "/proc/$pid/status"; done | awk '/^VmHWM/ { sum += $2 } END { printf "%.1f", sum / 1024 }'
}

printf '%-13s %7s %8s %8s %7s %8s %7s %9s %5s %11s %8s\n' way started 'a second' arrived 'user s' 'kernel s' 'CPU s' 'plugin s' lost 'wait actual' 'peak MiB'
mkdir -p /run/lock
trap 'rm -rf "$work"' EXIT
for _ in $(seq "$rounds"); do
  for way in "${ways[@]}"; do
    (
      # For one measurement at a time: others want the kernel's audit state too.
      exec 9>/run/lock/aks-auditd-tests
      flock 9
      if pid=$(auditd_pid); then echo "events-live.sh: auditd runs (pid $pid); stop it first" >&2; exit 3; fi
      saved=$(mktemp -d)
      trap 'audit_restore "$saved" && rm -rf "$saved"' EXIT
      trap 'exit 130' INT TERM
      audit_save "$saved"
      measure "$way"
    )
  done
done
