#!/usr/bin/env bash
# Whose event was it? Shells in pods run /bin/true again and again, and pods live for less than a second. Each program is started with an argument that
# names its pod; what "aks-auditd events" says of the event, looked up while the process is there or already gone, must be the same: nearly always, and
# never another pod.
#   EXECS=1000        programs that the shells start, five pods together: a multiple of 5
#   SUBSHELLS=50      programs whose parent is a subshell, which nobody knows and which goes with its program
#   SHORT_PODS=6      pods that live for less than a second, half of them with nothing but the program
# shellcheck source=../../lib.sh
. "$(dirname "$0")/../../lib.sh"

execs=${EXECS:-1000} subshells=${SUBSHELLS:-50} short=${SHORT_PODS:-6} shells=5
own_namespace pod-context
own_audit

root=$(mktemp -d)
at_end rm -rf "$root"
mkdir -p "$root/bin" "$root/tmp"
cp "$(command -v busybox)" "$root/bin/busybox"
for name in sh true sleep; do ln -s busybox "$root/bin/$name"; done
load_image test.local/shells:1 "$root" /bin/sh

pod() { # NAME COMMAND-AS-JSON
  cat <<END
---
apiVersion: v1
kind: Pod
metadata: {name: $1}
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 0
  automountServiceAccountToken: false
  containers: [{name: main-$1, image: "test.local/shells:1", imagePullPolicy: Never, command: $2}]
END
}

# The rule and a long backlog; auditd is slow, and what waits for it should be the test's programs.
must "the kernel takes the rule" auditctl -b 8192 -a always,exit -F arch=b64 -S execve,execveat -k pod-context
# The node as a container would see it: the cluster has a /var/log of its own.
node_root=$saved/node
mkdir -p "$node_root/var"
ln -s "$cluster/varlog" "$node_root/var/log"
ln -s /etc /sys "$node_root/"
events=$saved/events
AA_HOST_ROOT=$node_root "$repository/artifacts/aks-auditd" events --from kernel --to file "$events" >"$saved/events.out" 2>&1 8>&- &
program=$!
at_end sh -c "kill $program 2>/dev/null; true"
listens() { /bin/true marked=listens; grep -q '"marked=listens"' "$events"; }
eventually 10 "aks-auditd events listens" listens
# Not from a function that is waited for: that is a subshell, and it and its program may both have gone before anybody can look.
/bin/true marked=node
arrived() { grep -q '"marked=node"' "$events"; }
eventually 10 "what a shell of the node started arrives" arrived
must "what is the node's own is nobody's pod" contains "$(grep -m 1 '"marked=node"' "$events")" '"container":{"id":"host"}'

for ((i = 0; i < shells; i++)); do
  pod "shell-$i" "[sh, -c, 'i=0; while [ \$i -lt $((execs / shells)) ]; do /bin/true mark=shell-$i; i=\$((i+1)); done; exec sleep 3600']"
done | kubectl apply -f - >/dev/null
for ((i = 0; i < short; i++)); do
  if ((i % 2)); then pod "short-$i" "[/bin/true, mark=short-$i]"; else pod "short-$i" "[sh, -c, '/bin/true mark=short-$i; /bin/true mark=short-$i; exit 0']"; fi
done | kubectl apply -f - >/dev/null

# Each shell's own start has the mark in its arguments too; of the short pods, every other one has a shell, and starts two.
alone=$((short / 2))
expected=$((shells + execs + alone + (short - alone) * 3))
pods() { kubectl get pods --no-headers --field-selector="status.phase=$1" 2>/dev/null | wc -l; }
short_ended() { same "$(pods Succeeded)" "$short"; }
shells_run() { same "$(pods Running)" "$shells"; }
eventually 300 "the short pods have ended" short_ended
eventually 60 "the shells run" shells_run
# A shell that sleeps has run all of its programs.
shells_sleep() { local i; for ((i = 0; i < shells; i++)); do kubectl exec "shell-$i" -- busybox ps | grep -E '[0-9] +sleep 3600$' || return 1; done; }
eventually 60 "the shells have run their programs" shells_sleep
# They and their programs live for a millisecond: which of them can be looked at in time depends on the machine, but none may have another's pod.
pod subshells "[sh, -c, 'i=0; while [ \$i -lt $subshells ]; do (/bin/true in=subshells; :); sleep 0.01; i=\$((i+1)); done; exec sleep 3600']" | kubectl apply -f - >/dev/null
subshells_sleep() { kubectl exec subshells -- busybox ps | grep -E '[0-9] +sleep 3600$'; }
eventually 60 "the subshells have run their programs" subshells_sleep
sleep 2 # the longest that an event is held back, four times
cpu=$(awk '{ print ($14 + $15) / 100 }' "/proc/$program/stat")
kill "$program"
status=0; wait "$program" || status=$?
cat "$saved/events.out"
must "no event was lost: exit status 0" same "$status" 0
say "$(wc -l <"$events") events, $(stat -c %s "$events") bytes, $cpu s of CPU"
[ -z "${KEEP_EVENTS:-}" ] || cp "$events" "$KEEP_EVENTS"

# One line an event: right, wrong or unknown, and what was wrong.
node "$(dirname "$0")/judge.mjs" "$events" >"$saved/judged"
count() { grep -c "$1" "$saved/judged" || true; }
total=$(count .) right=$(count '^right') wrong=$(count '^wrong')
grep -v '^right' "$saved/judged" | head -n 20 || true
say "right $right, of them without the container's name $(count '^right.*unnamed'); unknown $(count '^unknown'); wrong $wrong"
in_subshells=$(grep -c '"in=subshells"' "$events" || true)
say "subshells: $(grep '"in=subshells"' "$events" | grep -c '"pod":{"name":"subshells"' || true) of $in_subshells right, $(grep '"in=subshells"' "$events" | grep -c '"container":{"id":"unknown"}' || true) unknown"
must "every program of a subshell is there" same "$in_subshells" "$subshells"
in_others=$(grep '"in=subshells"' "$events" | grep -v '"pod":{"name":"subshells"' | grep -cE '"pod":\{|"container":\{"id":"host"' || true)
must "none of them has another's pod" same "$in_others" 0
must "every marked event is there ($total of $expected)" same "$total" "$expected"
must "none has a wrong pod" same "$wrong" 0
must "99.9 % have the right one ($right of $total)" [ $((right * 1000)) -ge $((total * 999)) ]
