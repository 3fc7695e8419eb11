#!/usr/bin/env bash
# Time to converge: from the swap of a ConfigMap volume to the new rule in the kernel's list, 50 times each, in turn:
#   ours      the agent, which hears of the swap by inotify, loads the difference and verifies it
#   earlier   what the earlier systems do once their poll has seen the change (the poll itself, up to its interval, not counted):
#             empty rules.d, copy, stop and start auditd, augenrules --load
# Prints median and maximum. Needs root; puts the machine's audit state back.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=test/lib/suites.sh
. test/lib/suites.sh
# shellcheck source=demo/lib.sh
. demo/lib.sh
changes=${1:-50}

[ "$(id -u)" = 0 ] || { echo "converge.sh: run it as root" >&2; exit 2; }
[ -x artifacts/aks-auditd ] || ./build.sh
install_packages auditd audispd-plugins curl

exec 9>/run/lock/aks-auditd-tests
flock 9
work=$(mktemp -d /tmp/aks-auditd-converge.XXXXXX)
agent=
audit_save "$work/saved"
put_back() {
  trap - EXIT INT TERM
  if [ -n "$agent" ]; then kill "$agent" 2>/dev/null || true; wait "$agent" 2>/dev/null || true; fi
  audit_restore "$work/saved"
  rm -rf "$work"
}
trap put_back EXIT
trap 'exit 130' INT TERM

now() { date +%s%N; }
rules_of() { # WAY NUMBER: a policy of ten rules, one of them new
  printf -- '-D\n-b 8192\n-a always,exit -F arch=b64 -S execve -k exec\n'
  for call in chown fchown mount umount2 ptrace init_module delete_module bind; do echo "-a always,exit -F arch=b64 -S $call -k steady"; done
  echo "-a always,exit -F arch=b64 -S chmod -k $1-$2"
}
until_loaded() { # KEY: the time until auditctl lists it
  for _ in $(seq 3000); do
    if auditctl -l | grep -q -- "-F key=$1\$"; then now; return; fi
  done
  echo "converge.sh: $1 was not loaded" >&2
  return 1
}
summary() { # NAME: of the nanoseconds in $work/NAME
  sort -n "$work/$1" | awk -v name="$1" '{ t[NR] = $1 / 1000000 } END { printf "%-10s %8.1f %8.1f   %d\n", name, t[int((NR + 1) / 2)], t[NR], NR }'
}

rules_of ours 0 >"$work/10.rules"
volume_write "$work/rules" v0 "$work/10.rules"
volume_write "$work/plugins" v0 deploy/helm/aks-auditd/files/plugins/syslog.conf
: >"$work/config.yaml"
AA_CONFIG=$work/config.yaml AA_HOST_ROOT=/ AA_RULES_SOURCE=$work/rules AA_PLUGINS_SOURCE=$work/plugins AA_STATE_DIR=$work/state \
  AA_LISTEN=127.0.0.1:19808 AA_POLL_INTERVAL=1h artifacts/aks-auditd run 2>"$work/log" 9>&- &
agent=$!
agent_ready 127.0.0.1:19808 "$work/log" # its first pass starts auditd after the rules

for i in $(seq "$changes"); do
  rules_of ours "$i" >"$work/10.rules"
  from=$(now)
  volume_write "$work/rules" "v$i" "$work/10.rules"
  echo $(($(until_loaded "ours-$i") - from)) >>"$work/ours"
done

kill "$agent"; wait "$agent" || true; agent=
for i in $(seq "$changes"); do
  rules_of earlier "$i" >"$work/10.rules"
  from=$(now)
  rm -f /etc/audit/rules.d/*
  cp "$work/10.rules" /etc/audit/rules.d/
  if pid=$(auditd_pid); then
    kill "$pid"
    while auditd_pid >/dev/null; do sleep 0.005; done
  fi
  auditd
  augenrules --load >/dev/null 2>&1
  echo $(($(until_loaded "earlier-$i") - from)) >>"$work/earlier"
done

echo "way        median ms   max ms   changes"
summary ours
summary earlier
