#!/usr/bin/env bash
# What the agent builds on, without the agent: a DaemonSet, a ConfigMap that changes under it, hostPID, logs, exec.
# When this fails, look at the test bed, not at the agent.
# shellcheck source=../../lib.sh
. "$(dirname "$0")/../../lib.sh"

own_namespace configmap-daemonset
busybox_image
kubectl apply -f "$(dirname "$0")/daemonset.yaml" >/dev/null
must "the DaemonSet is rolled out" kubectl rollout status daemonset/watcher --timeout=90s
pod=$(kubectl get pod -l app=watcher -o 'jsonpath={.items[0].metadata.name}')
last_line() { same "$(kubectl logs "$pod" --tail=1)" "$1"; }
eventually 10 "the pod reads its ConfigMap" last_line value=1

status=0
output=$(kubectl exec "$pod" -- sh -c 'cat /proc/1/comm; exit 3' 2>/dev/null) || status=$?
must "exec passes the exit status on" same $status 3
must "with hostPID, process 1 is this machine's" same "$output" "$(cat /proc/1/comm)"

from=$(date +%s%N)
kubectl patch configmap settings --type=merge -p '{"data": {"app.conf": "value=2\n"}}' >/dev/null
eventually 90 "a changed ConfigMap reaches the pod" last_line value=2
say "   after $(elapsed "$from") ms"

from=$(date +%s%N)
kubectl delete pod "$pod" >/dev/null
must "a deleted pod is replaced" kubectl rollout status daemonset/watcher --timeout=60s
say "   after $(elapsed "$from") ms"
