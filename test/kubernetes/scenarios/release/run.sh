#!/usr/bin/env bash
# A release's life: helm upgrade with another policy, with another configuration, rollback, uninstall.
# shellcheck source=../../lib.sh
. "$(dirname "$0")/../../lib.sh"

own_namespace release
own_audit
at_end uninstall_agent
rule() { printf 'rules.files.20-mine\\.rules=-a always\\,exit -F arch=b64 -S mount -k %s' "$1"; }
upgrade() { helm upgrade audited "$chart" --namespace release "${chart_options[@]}" "$@"; }
install_agent --set-string "$(rule first)"
must "the DaemonSet is rolled out" kubectl rollout status daemonset/audited --timeout=60s
must "the first policy is in the kernel" in_kernel first
pod=$(agent_pod)

from=$(date +%s%N)
must "helm upgrade with another policy" upgrade --set-string "$(rule second)"
eventually 60 "it is in the kernel" in_kernel second
say "   $(elapsed "$from") ms after helm upgrade began"
must "the first is gone" not_in_kernel first
must "the pod was not replaced for it" same "$(agent_pod)" "$pod"

# What the agent reads at its start replaces the pod; the node must not be without its rules meanwhile.
(set +e; while in_kernel procmon >/dev/null; do sleep 0.05; done; touch "$saved/missed") &
watch=$!
at_end kill "$watch"
from=$(date +%s%N)
must "helm upgrade with another configuration, and the events container" upgrade --reset-then-reuse-values --set config.pollInterval=7s,events.enabled=true
must "the new pod is Ready" kubectl rollout status daemonset/audited --timeout=90s
say "   $(elapsed "$from") ms after helm upgrade began"
must "the rules were never missing" test ! -e "$saved/missed"
must "the second policy is in the kernel" in_kernel second
must "there is a new pod" test "$(agent_pod)" != "$pod"
must "it does what it was told to" contains "$(kubectl logs "$(agent_pod)" --container agent)" '"interval":"7s"'

# Beside auditd, heard in the kernel's multicast group.
word=nowhere-$RANDOM$RANDOM
kubectl exec "$(agent_pod)" --container agent -- aks-auditd check "/$word" >/dev/null 2>&1 || true
logged() { kubectl logs "$(agent_pod)" --container events | grep -F "\"args\":[\"aks-auditd\",\"check\",\"/$word\"]"; }
eventually 10 "what is executed in a pod is a line of the events container's log" logged
must "with the pod's name" contains "$(logged)" "\"pod\":{\"name\":\"$(agent_pod)\""
must "and its namespace" contains "$(logged)" '"namespace":"release"'

from=$(date +%s%N)
must "helm rollback to the first release" helm rollback audited 1 --namespace release
# The old pod can take a minute to go: the kubelet as in delete_namespace.
eventually 180 "the first policy is in the kernel" in_kernel first
say "   $(elapsed "$from") ms after helm rollback began"
must "the second is gone" not_in_kernel second
must "the DaemonSet is rolled out" kubectl rollout status daemonset/audited --timeout=90s

must "values of the wrong type are refused" sh -c "! helm upgrade audited '$chart' --namespace release --set config.pollInterval=30"
must "helm uninstall" uninstall_agent
must "the node keeps its policy until it is given back" in_kernel first
