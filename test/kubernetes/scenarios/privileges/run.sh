#!/usr/bin/env bash
# What the running agent may do, what it does with it, and what it costs, as the kernel says.
# shellcheck source=../../lib.sh
. "$(dirname "$0")/../../lib.sh"

own_namespace privileges
own_audit
at_end uninstall_agent
install_agent
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

# Its root is the node by now, and mountinfo shows what is below it: the writable ones of the machine's own file systems.
writable() { awk '$6 ~ /^rw/ && $5 !~ "^/(proc|sys|dev|run)(/|$)" { print $5 }' "/proc/$pid/mountinfo" | sort | paste -sd' '; }
must "writable on the node: these directories and no others" same "$(writable)" "/etc/audit /tmp $state"
must "its container's root is read-only" sh -c "! nsenter --target $pid --mount sh -c ': >/of-the-test' 2>/dev/null"

# A changed policy, a changed plugin file and a repair, call by call.
strace -f -y -qq -o "$saved/trace" -e trace=%file,kill -p "$pid" 8>&- &
tracer=$!
at_end kill "$tracer"
eventually 10 "strace is attached" sh -c "grep -qv 'TracerPid:[[:space:]]*0' <(grep TracerPid /proc/$pid/status)"
must "helm upgrade with another policy and plugin" helm upgrade audited "$chart" --namespace privileges "${chart_options[@]}" \
  --set-string 'rules.files.20-mine\.rules=-a always\,exit -F arch=b64 -S mount -k mine' \
  --set-string 'plugins.files.af_unix\.conf=active = no'
eventually 60 "it is in the kernel" in_kernel mine
must "somebody removes a file" rm /etc/audit/rules.d/20-mine.rules
eventually 60 "it is back" test -s /etc/audit/rules.d/20-mine.rules
kill "$tracer"
wait "$tracer" || true
