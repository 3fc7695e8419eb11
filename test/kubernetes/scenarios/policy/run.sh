#!/usr/bin/env bash
# The main job in a real cluster: the chart is installed, its rules are in the kernel, a pod's command is in the audit log. Then the ConfigMap
# changes, is wrong, is right again, and somebody removes the rules behind the agent's back.
# shellcheck source=../../lib.sh
. "$(dirname "$0")/../../lib.sh"

own_namespace policy
own_audit
busybox_image
at_end uninstall_agent

from=$(date +%s%N)
install_agent --set config.pollInterval=2s
must "the DaemonSet is rolled out" kubectl rollout status daemonset/audited --timeout=60s
say "   $(elapsed "$from") ms after helm install"
must "the chart's rules are in the kernel" in_kernel procmon
must "kubectl get ds: ready" same "$(ready_nodes)" 1
must "kubectl exec … aks-auditd status: in sync" kubectl exec "$(agent_pod)" -- aks-auditd status

kubectl run shell --image=test.local/busybox:1 --image-pull-policy=Never --restart=Never \
  --overrides='{"apiVersion": "v1", "spec": {"terminationGracePeriodSeconds": 1}}' --command -- sleep 1000 >/dev/null
must "another pod runs" kubectl wait --for=condition=Ready pod/shell --timeout=60s
word=seen-$RANDOM$RANDOM
from=$(date +%s%N)
kubectl exec shell -- cat /nowhere "$word" 2>/dev/null || true
eventually 10 "what is executed in it is in the node's audit.log, with the rule's key" audited "$word" procmon
say "   $(elapsed "$from") ms after kubectl exec"

# set_rules CONTENT: the ConfigMap's file 20-mine.rules; empty removes it.
set_rules() { kubectl patch configmap audited-auditd-rules --type=merge -p "$(printf '%s' "${1:-}" | awk 'BEGIN { ORS = "\\n" } { gsub(/["\\]/, "\\\\&"); print }' | sed 's/.*/{"data": {"20-mine.rules": "&"}}/')"; }
from=$(date +%s%N)
must "the ConfigMap gets a rule" set_rules '-a always,exit -F arch=b64 -S mount -k mine'
eventually 60 "it is in the kernel" in_kernel mine
say "   $(elapsed "$from") ms after the edit (the kubelet's sync period is ${SYNC_FREQUENCY:-unknown})"
must "the others still are" in_kernel procmon
must "status: in sync" kubectl exec "$(agent_pod)" -- aks-auditd status

from=$(date +%s%N)
must "the ConfigMap gets a mistake" set_rules '-a always,exit -F arch=b64 -S mount -F uidd=0 -k mistaken'
not_ready() { same "$(ready_nodes)" "${1:-0}"; }
eventually 60 "the pod is not Ready" not_ready
say "   $(elapsed "$from") ms after the edit"
readyz=$(probe /readyz)
must "/readyz says why, with file and line" contains "$readyz" '20-mine.rules:1:'
say "   $readyz"
must "so does kubectl logs" contains "$(kubectl logs "$(agent_pod)")" '20-mine.rules:1:'
must "the node keeps the policy it has: the good rule" in_kernel mine
must "the node keeps the policy it has: the defaults" in_kernel procmon
must "the node keeps the policy it has: not the bad rule" not_in_kernel mistaken
says_no() { local status=0; kubectl exec "$(agent_pod)" -- aks-auditd status || status=$?; same "$status" 1; }
must "status: not in sync, exit status 1" says_no

from=$(date +%s%N)
must "the mistake is corrected" set_rules '-a always,exit -F arch=b64 -S mount -F uid=0 -k corrected'
eventually 60 "the correction is in the kernel" in_kernel corrected
say "   $(elapsed "$from") ms after the edit"
eventually 30 "the pod is Ready again" not_ready 1
must "the rule that it replaces is gone" not_in_kernel mine

from=$(date +%s%N)
must "somebody removes all rules on the node" auditctl -D
eventually 5 "they are back within a poll (2 s)" in_kernel procmon
say "   after $(elapsed "$from") ms"
eventually 5 "all of them" in_kernel corrected
must "the log says who it was" contains "$(kubectl logs "$(agent_pod)" --tail=5)" auditctl
