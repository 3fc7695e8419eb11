#!/usr/bin/env bash
# Shows the main job on this machine: a rule in a ConfigMap volume becomes a rule in the kernel, and what the kernel
# records arrives on 127.0.0.1:28330, where Container Insights listens on AKS. When it ends the kernel's rules and control
# values, /etc/audit and rsyslog's configuration are as they were before it began, and auditd runs if it ran. What it had to install stays: the
# packages (clang and zlib1g-dev to build; auditd, audispd-plugins, rsyslog, socat, curl), and the build. Until it ends, what there was before is written
# down in /tmp/aks-auditd-demo.*: rules and control values in saved/, and the record of "aks-auditd install" in state/.
#   sudo ./demo.sh          a minute or two, and some more to build the first time
#   sudo ./demo.sh --keep   leaves it running until Ctrl-C
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=demo/lib.sh
. demo/lib.sh

keep=
case ${1:-} in
  '') ;;
  --keep) keep=1 ;;
  *) echo "demo.sh: unknown option $1 (known: --keep)" >&2; exit 2 ;;
esac

port=28330
work=
agent=
rsyslog=
listener=
saved=
installed=
dropin=/etc/rsyslog.d/99-aks-auditd-demo.conf

now() { date +%s%N; }
start=$(now)
say() { local ms=$((($(now) - start) / 1000000)); printf '[%3d.%d s] %s\n' $((ms / 1000)) $((ms % 1000 / 100)) "$*"; }
fail() { say "FAILED: $*"; exit 1; }

end_process() { # PID
  [ -n "$1" ] || return 0
  kill "$1" 2>/dev/null || true
  for _ in $(seq 60); do kill -0 "$1" 2>/dev/null || break; sleep 0.05; done
  kill -9 "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

put_back() {
  local status=$?
  trap - EXIT INT TERM
  set +e
  if [ "$status" != 0 ] && [ -n "$work" ] && [ -s "$work/agent.log" ]; then
    echo "the agent's last words:"
    tail -n 5 "$work/agent.log"
  fi
  end_process "$agent"
  # Our units, our program and auditd's service; the packages stay.
  if [ -n "$installed" ]; then artifacts/aks-auditd uninstall 9>&- 2>"$work/uninstall.log" || { cat "$work/uninstall.log"; status=1; }; fi
  if [ -n "$saved" ]; then audit_restore "$work/saved"; fi
  end_process "$rsyslog"
  if [ -e "$dropin" ]; then rm -f "$dropin"; systemctl restart rsyslog; fi
  end_process "$listener"
  if [ -n "$saved" ]; then
    audit_fingerprint >"$work/after"
    if ! diff "$work/before" "$work/after"; then say "FAILED: the machine's audit state is not as it was"; status=1
    elif [ -n "$installed" ]; then say "the kernel's audit state is as it was before all this; /etc/audit is as auditd's packages brought it, and they stay"
    else say "the machine's audit state is as it was before all this"; fi
  fi
  [ -z "$work" ] || rm -rf "$work"
  exit "$status"
}

[ "$(id -u)" = 0 ] || { echo "demo.sh: run it as root: sudo ./demo.sh" >&2; exit 2; }
trap put_back EXIT
trap 'exit 130' INT TERM

say "building"
./build.sh

missing=
for package in rsyslog socat curl; do dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=" $package"; done
if [ -n "$missing" ]; then
  say "installing$missing"
  apt-get update -qq
  # shellcheck disable=SC2086 # one word a package
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

work=$(mktemp -d /tmp/aks-auditd-demo.XXXXXX)
rules=$work/auditd-rules plugins=$work/audisp-plugins received=$work/received
export AA_CONFIG=$work/config.yaml
cat >"$AA_CONFIG" <<Y
hostRoot: /
rulesSource: $rules
pluginsSource: $plugins
stateDirectory: $work/state
listen: 127.0.0.1:19807
pollInterval: 5s
Y

exec 9>/run/lock/aks-auditd-tests
flock -n 9 || { say "waiting for the tests that use the audit state"; flock 9; }
install=
if ! command -v auditctl >/dev/null; then
  # The kernel may have rules all the same: those of the host of this container. They are read with an auditctl that is not installed.
  install=1
  mkdir "$work/tools"
  apt-get update -qq
  (cd "$work/tools" && apt-get download -qq auditd libauparse0 2>/dev/null && for package in *.deb; do dpkg-deb -x "$package" .; done) || fail "auditd cannot be downloaded"
  auditctl() { LD_LIBRARY_PATH=$(dirname "$(find "$work/tools" -name 'libauparse.so.0' | head -1)") "$work/tools/sbin/auditctl" "$@"; }
fi
auditctl -s | grep -qx 'enabled 2' && fail "audit is locked on this machine (enabled 2): rules cannot change before the next boot"
audit_save "$work/saved"
if [ -z "$install" ]; then
  audit_fingerprint >"$work/before"
  saved=1
else
  kernel_fingerprint >"$work/before"
  unset -f auditctl
  say "installing auditd (aks-auditd install)"
  installed=1
  artifacts/aks-auditd install 9>&-
  cp -a /etc/audit "$work/saved/audit"
  files_fingerprint >>"$work/before"
  saved=1
fi

say "laying out two ConfigMap volumes as a kubelet does"
volume_write "$plugins" 2026_11_22_00_00_00.1 deploy/helm/aks-auditd/files/plugins/syslog.conf
volume_write "$rules" 2026_11_22_00_00_00.1 deploy/helm/aks-auditd/files/rules/90-process.rules

say "listening on 127.0.0.1:$port, as Container Insights does"
: >"$received"
socat -u "TCP-LISTEN:$port,bind=127.0.0.1,fork,reuseaddr" "OPEN:$received,append" 9>&- &
listener=$!
sleep 0.2
kill -0 "$listener" 2>/dev/null || fail "port $port is taken: something here already receives syslog from rsyslog"

say "rsyslog forwards to it"
cat >"$work/forward.conf" <<R
global(maxMessageSize="16k")
action(type="omfwd" target="127.0.0.1" port="$port" protocol="tcp"
       queue.type="LinkedList" queue.size="25000" action.resumeRetryCount="-1" action.resumeInterval="1")
R
if has_systemd; then
  grep -v '^global' "$work/forward.conf" >"$dropin"
  systemctl restart rsyslog
elif [ -S /dev/log ] && socat -u OPEN:/dev/null UNIX-SENDTO:/dev/log 2>/dev/null; then
  fail "a syslog daemon that systemd does not manage listens on /dev/log; stop it first"
else
  { sed -n '/^global/p' "$work/forward.conf"; echo 'module(load="imuxsock")'; sed '/^global/d' "$work/forward.conf"; } >"$work/rsyslog.conf"
  rsyslogd -n -f "$work/rsyslog.conf" -i "$work/rsyslog.pid" 9>&- &
  rsyslog=$!
  for _ in $(seq 100); do [ -S /dev/log ] && break; sleep 0.05; done
fi

say "starting the agent"
artifacts/aks-auditd run >"$work/agent.log" 2>&1 9>&- &
agent=$!
wait_ready() { # POLICY_BEFORE: until the agent is ready with another policy
  for _ in $(seq 600); do
    kill -0 "$agent" 2>/dev/null || fail "the agent ended"
    if curl -sf 127.0.0.1:19807/readyz >/dev/null 2>&1; then
      policy=$(curl -sf 127.0.0.1:19807/status | sed -n 's/.*"policy": "\([0-9a-f]*\)".*/\1/p')
      [ "$policy" != "$1" ] && return 0
    fi
    sleep 0.05
  done
  fail "the agent is not ready: $(curl -s 127.0.0.1:19807/readyz)"
}
wait_arrival() { # PATTERN WHAT: the first received line that matches
  local from
  from=$(now)
  for _ in $(seq 600); do
    if grep -a -m 1 -E "$1" "$received" >"$work/line"; then
      say "$2 arrived on $port after $((($(now) - from) / 1000000)) ms:"
      printf '\n    %s\n\n' "$(cut -c1-400 "$work/line")"
      return 0
    fi
    sleep 0.02
  done
  fail "$2 did not arrive on $port within 12 s"
}
run_unique() {
  local word
  word="aks-auditd-demo-$RANDOM$RANDOM"
  say "running: /bin/echo $word"
  /bin/echo "$word" >/dev/null
  wait_arrival "type=EXECVE.*a1=\"$word\"" "its EXECVE record"
}

wait_ready ""
say "ready: policy ${policy:0:12} is in the kernel:"
auditctl -l | sed 's/^/    /'
run_unique

say "swapping the ConfigMap for one with one more rule"
mkdir "$work/watched"
echo "-a always,exit -F arch=b64 -F dir=$work/watched -F perm=wa -k demo" >"$work/20-demo.rules"
swap=$(now)
volume_write "$rules" 2026_11_22_00_00_01.2 deploy/helm/aks-auditd/files/rules/90-process.rules "$work/20-demo.rules"
wait_ready "$policy"
say "ready again $((($(now) - swap) / 1000000)) ms after the swap: policy ${policy:0:12}:"
auditctl -l | sed 's/^/    /'
say "writing a file in the watched directory"
touch "$work/watched/new-file"
wait_arrival 'type=SYSCALL.*key="demo"' "the new rule's SYSCALL record"
run_unique

say "done: rules went from ConfigMap to kernel, events from kernel to 127.0.0.1:$port"
if [ -n "$keep" ]; then
  say "left running; what arrives follows; Ctrl-C ends it and puts the machine back"
  tail -n 0 -f "$received"
fi
say "putting the machine back"
