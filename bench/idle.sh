#!/usr/bin/env bash
# What the agent needs at rest, with probes and metrics on:
#   memory    resident after 20 polls, 20 scrapes of /metrics and 20 of each probe; threads
#   CPU       of N idle minutes (no poll, no probe) beside that of 20 polls of unchanged files, and of 20 scrapes
# ./bench/idle.sh [MINUTES]   (default 1; ten minutes are MINUTES times what is printed). Needs root; puts the machine's audit state back.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=test/lib/suites.sh
. test/lib/suites.sh
# shellcheck source=demo/lib.sh
. demo/lib.sh
minutes=${1:-1}

[ "$(id -u)" = 0 ] || { echo "idle.sh: run it as root" >&2; exit 2; }
[ -x artifacts/aks-auditd ] || ./build.sh
install_packages auditd audispd-plugins curl gcc libc6-dev

exec 9>/run/lock/aks-auditd-tests
flock 9
work=$(mktemp -d /tmp/aks-auditd-idle.XXXXXX)
agent=
audit_save "$work/saved"
stop_agent() { [ -z "$agent" ] || { kill "$agent" 2>/dev/null || true; wait "$agent" 2>/dev/null || true; agent=; }; }
put_back() {
  trap - EXIT INT TERM
  stop_agent
  audit_restore "$work/saved"
  rm -rf "$work"
}
trap put_back EXIT
trap 'exit 130' INT TERM

gcc -O2 -o "$work/cputime" bench/cputime.c
address=127.0.0.1:19811
volume_write "$work/rules" v0 deploy/helm/aks-auditd/files/rules/*.rules
volume_write "$work/plugins" v0 deploy/helm/aks-auditd/files/plugins/syslog.conf
: >"$work/config.yaml"

start_agent() { # POLL-INTERVAL: started, and in sync
  AA_CONFIG=$work/config.yaml AA_HOST_ROOT=/ AA_RULES_SOURCE=$work/rules AA_PLUGINS_SOURCE=$work/plugins AA_STATE_DIR=$work/state \
    AA_LISTEN=$address AA_POLL_INTERVAL=$1 artifacts/aks-auditd run 2>"$work/log" 9>&- &
  agent=$!
  agent_ready "$address" "$work/log"
}
value() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$agent/status"; }
cpu() { "$work/cputime" "$agent"; }
minus() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a - b }'; }
ask() { for _ in $(seq 20); do curl -fsS -o "$work/answer" "http://$address/$1"; done; }

start_agent 250ms
sleep 2
from=$(cpu); sleep 5.125; polls=$(minus "$(cpu)" "$from")
stop_agent

start_agent 1h
sleep 3
from=$(cpu); sleep $((minutes * 60)); idle=$(minus "$(cpu)" "$from")
ask readyz; ask livez; ask metrics
from=$(cpu); ask metrics; scrapes=$(minus "$(cpu)" "$from")
sleep 1
echo "resident $(value VmRSS) kB (anonymous $(value RssAnon), file $(value RssFile)), $(value Threads) threads, $(wc -c <"$work/answer") bytes of metrics"
echo "CPU: $minutes idle minute(s) $idle ms; 20 polls $polls ms; 20 scrapes $scrapes ms"
echo "ten idle minutes beside their 20 polls: $(awk -v i="$idle" -v m="$minutes" 'BEGIN { printf "%.1f", i / m * 10 }') ms"
[ -z "${KEEP:-}" ] || cat "/proc/$agent/smaps" >"$KEEP"
