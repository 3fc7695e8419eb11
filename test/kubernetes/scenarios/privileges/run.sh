#!/usr/bin/env bash
# What the running agent may do, what it does with it, and what it costs, as the kernel says.
# shellcheck source=../../lib.sh
. "$(dirname "$0")/../../lib.sh"

own_namespace privileges
own_audit
at_end uninstall_agent
install_agent --set config.pollInterval=2s
must "the DaemonSet is rolled out" kubectl rollout status daemonset/audited --timeout=60s
pid=$(agent_pid)
must "the agent's process is known" same "$(cat "/proc/$pid/comm")" aks-auditd

# SYS_CHROOT is capability 18, AUDIT_CONTROL 30.
status() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$pid/status"; }
for set in CapEff CapPrm CapBnd; do must "$set: AUDIT_CONTROL and SYS_CHROOT" same "$(status $set)" 0000000040040000; done
must "no inheritable capability that is more" sh -c "case '$(status CapInh)' in 0000000000000000 | 0000000040040000) ;; *) false ;; esac"
must "CapAmb: none" same "$(status CapAmb)" 0000000000000000
must "Seccomp: a filter" same "$(status Seccomp)" 2
must "NoNewPrivs" same "$(status NoNewPrivs)" 1
must "it is in the node's pid namespace" same "$(readlink "/proc/$pid/ns/pid")" "$(readlink /proc/self/ns/pid)"
must "it is not in the node's network namespace" test "$(readlink "/proc/$pid/ns/net")" != "$(readlink /proc/self/ns/net)"
must "no service account token" sh -c "! grep -q serviceaccount /proc/$pid/mounts"

# Its root is the node by now, and mountinfo shows what is below it. What the node itself has mounted below its root is read-only too from Kubernetes 1.30
# on (recursiveReadOnly), and left out here: the cluster's own mounts are all there is.
writable() {
  awk -v cluster="$cluster" '$6 ~ /^rw/ && $5 !~ "^/(proc|sys|dev|run|var/lib/kubelet|var/log/pods|var/log/containers)(/|$)" && index($5, cluster) != 1 { print $5 }' \
    "/proc/$pid/mountinfo" | sort | paste -sd' '
}
root_mount() { awk '$5 == "/" { print substr($6, 1, 2) }' "/proc/$pid/mountinfo"; }
must "the node's root is read-only" same "$(root_mount)" ro
must "writable on the node: these directories and no others" same "$(writable)" "/etc/audit /tmp $state"
must "its container's root is read-only" sh -c "! nsenter --target $pid --mount sh -c ': >/of-the-test' 2>/dev/null"

# A changed policy, a changed plugin file and a repair, call by call.
strace -f -y -qq -o "$saved/trace" -e trace=%file,kill -p "$pid" 8>&- &
tracer=$!
stop_tracer() { kill "$tracer" 2>/dev/null || true; }
at_end stop_tracer
traced() { ! same "$(status TracerPid)" 0; }
eventually 10 "strace is attached" traced
must "helm upgrade with another policy and plugin" helm upgrade audited "$chart" --namespace privileges "${chart_options[@]}" --reset-then-reuse-values \
  --set-string 'rules.files.20-mine\.rules=-a always\,exit -F arch=b64 -S mount -k mine' \
  --set-string 'plugins.files.af_unix\.conf=active = no'
eventually 60 "it is in the kernel" in_kernel mine
must "somebody removes a file" rm /etc/audit/rules.d/20-mine.rules
eventually 60 "it is back" test -s /etc/audit/rules.d/20-mine.rules
stop_tracer
wait "$tracer" || true
# strace sees /node or not, by when the directory was opened. Written to: what is opened for writing, made, renamed or removed; the lock, the ConfigMaps (read) and /proc aside.
written() { grep -E 'O_WRONLY|O_RDWR|O_CREAT|^[0-9]+ +(rename|unlink|mkdir|rmdir|link|symlink|chmod|chown|fchmodat|fchownat|truncate|utime|mknod)' "$saved/trace" | grep -v ' = -1 '; }
must "the trace has the rule file that was written" sh -c "grep -q '20-mine.rules' '$saved/trace'"
elsewhere() { local lines; lines=$(written | grep -vE "<(/node)?(/etc/audit/(rules|plugins)\.d|$state)>, |/dev/null") || true; same "$lines" ""; }
must "it writes nowhere but in rules.d, plugins.d and its state directory" elsewhere
say "   $(written | wc -l) writing calls"

cpu() { awk '{ print $14 + $15 }' "/proc/$pid/stat"; } # hundredths of a second
sleep 2
before=$(cpu)
sleep 5
spent=$((($(cpu) - before) * 2))
say "idle, a poll every 2 s: $spent ms of CPU a second, $(status VmRSS) resident, $(status Threads) threads"
must "at idle it takes less than 2 % of a core" test "$spent" -lt 20
must "and less than 48 MB" test "$(status VmRSS | tr -dc 0-9)" -lt 49152
