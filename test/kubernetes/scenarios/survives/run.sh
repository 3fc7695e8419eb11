#!/usr/bin/env bash
# What breaks in a cluster's life, and the node's policy stays: the agent killed, the kubelet restarted, the rules' ConfigMap deleted.
# shellcheck source=../../lib.sh
. "$(dirname "$0")/../../lib.sh"

own_namespace survives
own_audit
at_end uninstall_agent
install_agent --set config.pollInterval=2s --set-string 'rules.files.20-mine\.rules=-a always\,exit -F arch=b64 -S mount -k mine'
must "the DaemonSet is rolled out" kubectl rollout status daemonset/audited --timeout=60s
must "the release's rule is in the kernel" in_kernel mine

old=$(agent_pid)
from=$(date +%s%N)
must "the agent is killed" kill -9 "$old"
must "the node keeps its rules" in_kernel mine
restarted() { same "$(kubectl get pod -l app.kubernetes.io/instance=audited -o 'jsonpath={.items[0].status.containerStatuses[0].restartCount}')" 1; }
eventually 60 "the kubelet starts it again" restarted
new_agent() { local pid; pid=$(agent_pid) && [ "$pid" != "$old" ] && same "$(cat "/proc/$pid/comm")" aks-auditd && probe /readyz | grep -qx ok; }
eventually 60 "it is ready" new_agent
say "   $(elapsed "$from") ms after its end"


kept=$(agent_pid)
stop_kubelet() {
  local pid
  pid=$(cat "$cluster/pids/kubelet.pid")
  kill "$pid"
  for _ in $(seq 100); do [ -d "/proc/$pid" ] || return 0; sleep 0.1; done
  return 1
}
start_kubelet() {
  setsid "$cluster/kubelet.sh" >>"$cluster/log/kubelet.log" 2>&1 </dev/null 8>&- &
  echo $! >"$cluster/pids/kubelet.pid"
}
must "the kubelet is stopped" stop_kubelet
must "somebody removes the rules" auditctl -D
eventually 10 "the agent puts them back without a kubelet" in_kernel mine
must "the kubelet is started again" start_kubelet
eventually 60 "it answers" curl -sf http://127.0.0.1:10248/healthz
ready() { same "$(kubectl get daemonset audited -o 'jsonpath={.status.numberReady} of {.status.desiredNumberScheduled}')" "${1:-1} of 1"; }
eventually 60 "the DaemonSet is ready" ready
must "it is the same agent" same "$(agent_pid)" "$kept"

kubectl get configmap audited-auditd-rules -o json >"$saved/rules.json"
must "the rules' ConfigMap is deleted" kubectl delete configmap audited-auditd-rules
sleep 6 # three of the kubelet's sync periods, three polls
must "the node keeps its rules" in_kernel mine
must "and its rule files" ls /etc/audit/rules.d/20-mine.rules
must "kubectl get ds: still ready" ready
pod=$(agent_pod) kept=$(agent_pid)
kubectl delete pod "$pod" --wait=false >/dev/null
eventually 30 "the agent has ended" agent_has_ended "$kept"
kubectl delete pod "$pod" --force --grace-period=0 >/dev/null 2>&1 || true # see uninstall_agent
eventually 20 "a new pod cannot start without it, and says so" sh -c 'kubectl get events | grep "configmap.*audited-auditd-rules.*not found"'
must "not ready" ready 0
must "the node keeps its rules" in_kernel mine
from=$(date +%s%N)
must "the ConfigMap is made again, with a change" sh -c "sed 's/-k mine/-k again/; /uid\\|resourceVersion/d' '$saved/rules.json' | kubectl create -f -"
eventually 150 "the pod starts and the rule is in the kernel" in_kernel again
say "   $(elapsed "$from") ms after it was made"
eventually 30 "the DaemonSet is ready" ready
must "the rule that is replaced is gone" not_in_kernel mine

# As a package that is removed and installed again does it. The container's mount is of the old directory then, and stays so until there is another container.
restarts() { kubectl get pod -l app.kubernetes.io/instance=audited -o 'jsonpath={.items[0].status.containerStatuses[0].restartCount}'; }
replace_etc_audit() { cp -a /etc/audit /etc/audit.again && rm -f /etc/audit.again/rules.d/20-mine.rules && mv /etc/audit /etc/audit.gone && mv /etc/audit.again /etc/audit; }
at_end rm -rf /etc/audit.gone
from=$(date +%s%N)
must "somebody replaces /etc/audit on the node" replace_etc_audit
eventually 60 "the new one gets its rule file" grep -qs again /etc/audit/rules.d/20-mine.rules
say "   $(elapsed "$from") ms after that, by a new container"
restarted_for_it() { same "$(restarts)" 1; }
eventually 30 "the agent has started again for it" restarted_for_it
eventually 30 "the DaemonSet is ready" ready
