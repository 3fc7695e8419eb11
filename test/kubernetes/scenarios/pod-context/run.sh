#!/usr/bin/env bash
# Whose event was it? Shells in pods run /bin/true again and again, and pods live for less than a second. Each program is started with an argument that
# names its pod; what we say of the event, looked up while the process is there or already gone, must be the same: nearly always, and never another pod.
#   EXECS=2000        programs that the shells start, ten pods together: a multiple of 10
#   SHORT_PODS=10     pods that live for less than a second, half of them with nothing but the program
# shellcheck source=../../lib.sh
. "$(dirname "$0")/../../lib.sh"

execs=${EXECS:-2000} short=${SHORT_PODS:-10} shells=10
must "the watcher is built" dotnet build "$repository/bench/PodLookup" -c Release --nologo -v quiet
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
watch=$cluster/pod-context
"$repository/artifacts/bin/PodLookup/release/PodLookup" watch "$cluster/varlog" "$watch.events" >"$watch.out" 2>&1 8>&- &
watcher=$!
at_end rm -f "$watch.events" "$watch.out"
at_end sh -c "kill $watcher 2>/dev/null; true"
eventually 10 "the watcher listens" grep -q listening "$watch.out"

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
sleep 2 # the longest that an event is held back, four times
must "the watcher ends" sh -c "kill $watcher; tail --pid=$watcher -f /dev/null"
sed -n '2,$p' "$watch.out"
[ -z "${KEEP_EVENTS:-}" ] || cp "$watch.events" "$KEEP_EVENTS"

count() { grep -c "$1" "$watch.events" || true; }
total=$(count .) right=$(count '^right') wrong=$(count '^wrong')
grep -v '^right' "$watch.events" | head -n 20 || true
must "every marked event is there ($total of $expected)" same "$total" "$expected"
must "none has a wrong pod" same "$wrong" 0
must "99.9 % have the right one ($right of $total)" [ $((right * 1000)) -ge $((total * 999)) ]
