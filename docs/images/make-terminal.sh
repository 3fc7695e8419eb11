#!/usr/bin/env bash
# Makes the pictures of the terminal: the real program on a pseudo-terminal, its colours as HTML (aha), and Chromium looks at it.
#   make-terminal.sh [NAME…]   on a machine without auditd running, as root; needs artifacts/aks-auditd (./build.sh). NAME: status, plan, check, events
# The rules are for people who have logged in, and the only one who has is this script's: nothing else of the machine gets into a picture. The audit state is put back.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=../../test/lib/suites.sh
. test/lib/suites.sh
# shellcheck source=../../demo/lib.sh
. demo/lib.sh
install_packages aha auditd bsdutils chromium fonts-dejavu-core pngquant
export PATH="$PWD/artifacts:$PATH"
images=$PWD/docs/images seconds=${SECONDS_OF_LOAD:-40} names=${*:-status plan check events}
exec 9>/run/lock/aks-auditd-tests
flock 9

work=$(mktemp -d /tmp/aks-auditd-images.XXXXXX)
daemon=''
stop() { [ -z "$daemon" ] || { kill "$daemon"; wait "$daemon" || true; } 2>/dev/null; daemon=''; }
put_back() { set +e; stop; audit_restore "$work/saved"; rm -rf "$work"; }
audit_save "$work/saved"
trap put_back EXIT
trap 'exit 130' INT TERM

mkdir -p "$work"/{rules,wide,auditd/plugins.d,shop} "$work"/node/{etc,var/log/pods,var/log/containers}
{ grep -vE '^[^:]*:x:1000:' /etc/passwd; echo 'alice:x:1000:1000::/home/alice:/bin/bash'; } >"$work/node/etc/passwd"
cp /etc/group "$work/node/etc/group"
cat >"$work/rules/10-people.rules" <<'R'
# Programs that people start, and files that they change.
-D
-b 8192
-a never,exit -F arch=b64 -S execve -F exe=/usr/bin/date
-a always,exit -F arch=b64 -S execve,execveat -F auid>=1000 -F auid!=unset -k people
-a always,exit -F arch=b64 -S openat -F exit=-EACCES -F auid>=1000 -F auid!=unset -k denied
-a always,exit -F arch=b64 -S fchmodat -F auid>=1000 -F auid!=unset -k permissions
R
cat >"$work/rules/20-identity.rules" <<'R'
-a always,exit -F arch=b64 -F path=/etc/shadow -F perm=r -F auid>=1000 -F auid!=unset -k identity
R
volume_write "$work/volume" 1 "$work"/rules/*
: >"$work/config.yaml"
export AA_CONFIG=$work/config.yaml AA_HOST_ROOT=/ AA_MODE=embedded AA_RULES_SOURCE=$work/volume AA_PLUGINS_SOURCE=none AA_STATE_DIR=$work/state AA_POLL_INTERVAL=5s AA_LISTEN=127.0.0.1:19817

# Somebody who has logged in, for so many seconds.
# shellcheck disable=SC2016 # another shell expands it
load() {
  (
    echo 1000 >/proc/self/loginuid
    exec setpriv --reuid 1000 --regid 1000 --clear-groups bash -c 'cd /tmp; f=$(mktemp /tmp/report.XXXX); end=$((SECONDS + $1))
      while [ $SECONDS -lt $end ]; do ls /var/log >"$f"; cat /etc/shadow; date >"$f"; chmod 600 "$f"; tail -n 2 /etc/services; sleep 0.3; done; rm "$f"' _ "$1"
  ) >/dev/null 2>&1 9>&- &
  wait $!
}

# picture NAME COMMAND [LINES]: what a person sees who types it; of much, the last lines.
picture() {
  local name=$1 lines columns
  # shellcheck disable=SC2086 # names are words
  [[ " $names " == *" $name "* ]] || return 0
  printf '\e[32m$\e[0m \e[1m%s\e[0m\n' "$2" >"$work/$name.ansi"
  # Of a wide terminal, so that no line is broken; the machine's own names and paths are not the reader's.
  (cd "$work" && script -qec "stty cols 165 rows 50; $2" /dev/null) </dev/null 9>&- | tr -d '\r' | sed "s#$work/##g; s#$(hostname)#aks-nodepool1-vmss000002#g" >"$work/$name.out" || true
  if [ -n "${3:-}" ]; then printf '\e[2m…\e[0m\n' >>"$work/$name.ansi"; fi
  tail -n "${3:-+1}" "$work/$name.out" >>"$work/$name.ansi"
  read -r lines columns < <(sed 's/\x1b\[[0-9;]*m//g' "$work/$name.ansi" |
    awk -v wide=165 '{ n = length($0); most = n > most ? n : most; lines += n > wide ? int((n + wide - 1) / wide) : 1 } END { print lines, (most > wide ? wide : most) }')
  {
    echo '<!doctype html><meta charset="utf-8"><style>body { margin: 0; background: #1e2127; color: #d5d8de; } pre { margin: 14px 18px; font: 14px/19px "DejaVu Sans Mono", monospace; white-space: pre-wrap; word-break: break-all; width: '"$((columns + 2))"'ch; }</style><pre>'
    # aha knows no dim text.
    sed 's/\x1b\[2m/\x1b[38;5;245m/g' "$work/$name.ansi" | aha --no-header |
      sed 's/color:green/color:#8cc570/g; s/color:red/color:#ef7d86/g; s/color:olive/color:#e0bf74/g; s/color:blue/color:#6cb2f2/g; s/color:teal/color:#56b6c2/g; s/color:purple/color:#c98be0/g'
    echo '</pre>'
  } >"$work/$name.html"
  timeout 60 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/chromium" --force-device-scale-factor=1.5 \
    --window-size="$(((columns + 2) * 843 / 100 + 36)),$((lines * 19 + 30))" --screenshot="$work/$name.png" "file://$work/$name.html" 2>/dev/null 9>&-
  pngquant --force --output "$images/terminal-$name.png" --speed 1 32 "$work/$name.png"
}

# check: three mistakes in five lines.
cat >"$work/shop/30-shop.rules" <<'R'
-D
-a always,exit -F arch=b64 -S execv -F auid>=1000 -k shop
-a always,exit -F arch=b64 -S unlinkat -F dir=/srv/shop -k shop
-a always,exit -F arch=b64 -S connect -F sucess=0 -k shop-network
-a always,exit -F arch=b64 -S openat -F exit=-EACESS -k shop-denied
R
picture check 'aks-auditd check shop/'

# A log of auditd's, with rules that are wider than those to come.
sed 's/^-a never.*//; s/ -F exit=-EACCES//' "$work"/rules/*.rules >"$work/wide/wide.rules"
chmod 600 "$work/wide/wide.rules"
printf '%s\n' "log_file = $work/audit.log" 'log_format = RAW' 'flush = none' 'space_left = 75' 'space_left_action = ignore' 'admin_space_left = 50' 'admin_space_left_action = ignore' \
  "plugin_dir = $work/auditd/plugins.d" >"$work/auditd/auditd.conf"
chmod 640 "$work/auditd/auditd.conf"
auditctl -R "$work/wide/wide.rules" >/dev/null
auditd -n -s enable -c "$work/auditd" >/dev/null 2>&1 9>&- &
daemon=$!
sleep 1
load "$seconds"
stop
auditctl -D >/dev/null
AA_HOST_ROOT=$work/node picture events 'aks-auditd events --from audit-log audit.log --key people' 12

# The agent, as the audit daemon.
aks-auditd run >"$work/events.json" 2>"$work/agent.log" 9>&- &
daemon=$!
for _ in $(seq 100); do aks-auditd status >/dev/null 2>&1 && break; sleep 0.1; done
load "$seconds"
auditctl -d always,exit -F arch=b64 -S fchmodat -F 'auid>=1000' -F auid!=unset -k permissions
# Until the agent has seen it, and written what keys cost.
sleep 12
picture status 'aks-auditd status'
stop

# A new policy, not rolled out yet.
sed -i '/never,exit/d' "$work/rules/10-people.rules"
echo '-a always,exit -F arch=b64 -S unlinkat -F auid>=1000 -F auid!=unset -k removed' >>"$work/rules/20-identity.rules"
volume_write "$work/volume" 2 "$work"/rules/*
picture plan 'aks-auditd plan --forecast audit.log'
ls -l "$images"
