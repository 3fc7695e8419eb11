#!/usr/bin/env bash
# A node's whole life in a cluster: the init container installs, the agent makes the node audited, uninstall.enabled gives it back as it was.
# The packages are on this machine already, and it has no systemd: auditd is a process that was started before and stays.
# shellcheck source=../../lib.sh
. "$(dirname "$0")/../../lib.sh"

own=/usr/local/lib/aks-auditd
own_namespace install-uninstall
own_audit
[ ! -e "$own" ] || { say "NOT SO: $own is there: an agent runs here, or one has not been given back"; exit 1; }
at_end rm -rf "$own"
at_end uninstall_agent
audit_fingerprint >"$saved/machine"
daemon=$(auditd_pid)

from=$(date +%s%N)
install_agent --set config.pollInterval=2s,install.enabled=true
must "the DaemonSet is rolled out" kubectl rollout status daemonset/audited --timeout=90s
say "   $(elapsed "$from") ms after helm install"
installed=$(kubectl logs "$(agent_pod)" -c install)
printf '%s\n' "$installed" | sed 's/^/   /'
must "the init container found the packages" contains "$installed" 'already installed: auditd'
must "it says what it cannot do here" contains "$installed" 'this node has no systemd'
must "auditd is the one that ran before" same "$(auditd_pid)" "$daemon"
must "our program is on the node, as auditd's plugin" cmp "$own/aks-auditd" "$repository/artifacts/aks-auditd"
must "what the node was is written down" sh -c "ls $state/*.json"
must "the chart's rules are in the kernel" in_kernel procmon
must "and in rules.d" test -s /etc/audit/rules.d/90-process.rules

from=$(date +%s%N)
must "helm upgrade --set uninstall.enabled=true" helm upgrade audited "$chart" --namespace install-uninstall "${chart_options[@]}" --set uninstall.enabled=true
must "every node is given back: the DaemonSet is rolled out" kubectl rollout status daemonset/audited --timeout=120s
say "   $(elapsed "$from") ms after helm upgrade"
kubectl logs "$(agent_pod)" | sed 's/^/   /'
must "rules, control values and /etc/audit are as before" diff "$saved/machine" <(audit_fingerprint)
must "auditd still runs, the same one" same "$(auditd_pid)" "$daemon"
must "our program is gone" test ! -e "$own"
must "so is the state directory, or it is empty" sh -c "[ -z \"\$(ls -A $state 2>/dev/null)\" ]"
sleep 3 # a poll and more: nobody puts it back
must "and it stays so" diff "$saved/machine" <(audit_fingerprint)
must "helm uninstall" helm uninstall audited --namespace install-uninstall
