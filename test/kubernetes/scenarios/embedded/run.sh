#!/usr/bin/env bash
# Nodes without auditd: the agent is the audit daemon. What is executed in a pod is a line of JSON in "kubectl logs", with the pod's name; when the
# agent goes, it gives the kernel's audit socket back.
# shellcheck source=../../lib.sh
. "$(dirname "$0")/../../lib.sh"

own_namespace embedded
own_audit_alone
must "nobody has the audit socket" socket_owner 0
busybox_image
at_end uninstall_agent
kubectl run shell --image=test.local/busybox:1 --image-pull-policy=Never --restart=Never \
  --overrides='{"apiVersion": "v1", "spec": {"terminationGracePeriodSeconds": 0}}' --command -- sleep 1000 >/dev/null

from=$(date +%s%N)
# install.enabled as the chart has it: here it is the mode that leaves the init container out.
install_agent --set config.mode=embedded,config.pollInterval=2s,install.enabled=true
must "the DaemonSet is rolled out" kubectl rollout status daemonset/audited --timeout=60s
say "   $(elapsed "$from") ms after helm install"
must "no init container" same "$(kubectl get pod "$(agent_pod)" -o 'jsonpath={.spec.initContainers}')" ""
must "the chart's rules are in the kernel" in_kernel procmon
must "the agent has the kernel's audit socket" socket_owner "$(agent_pid)"
must "it is not in the node's network namespace" test "$(readlink "/proc/$(agent_pid)/ns/net")" != "$(readlink /proc/self/ns/net)"
must "auditd does not run" sh -c '! pidof auditd'
must "kubectl exec … aks-auditd status: in sync" kubectl exec "$(agent_pod)" -- aks-auditd status

must "another pod runs" kubectl wait --for=condition=Ready pod/shell --timeout=60s
word=seen-$RANDOM$RANDOM
from=$(date +%s%N)
kubectl exec shell -- cat /nowhere "$word" 2>/dev/null || true
logged() { kubectl logs "$(agent_pod)" | grep -F "\"args\":[\"cat\",\"/nowhere\",\"$word\"]"; }
eventually 10 "what is executed in it is a line of the agent's log" logged
say "   $(elapsed "$from") ms after kubectl exec"
line=$(logged)
say "   $line"
must "one line" same "$(wc -l <<<"$line")" 1
# What is in a member of the line, as JSON has it.
member() { node -e 'console.log(process.argv[2].split(".").reduce((o, name) => o[name], JSON.parse(process.argv[1])))' "${2:-$line}" "$1"; }
# What an event leaves out of its container stands in the notice before it, unless its names came too late for that.
seen=$line
grep -qF '"uid"' <<<"$line" || seen=$(kubectl logs "$(agent_pod)" | grep -F '"container-seen"' | grep -F '"pod":{"name":"shell"' | tail -n 1)
say "   $seen"
must "the node's name" same "$(member host.name)" "$(kubectl get node -o 'jsonpath={.items[0].metadata.name}')"
must "its namespace" same "$(member kubernetes.namespace)" embedded
must "its pod" same "$(member kubernetes.pod.name)" shell
must "the pod's uid" same "$(member kubernetes.pod.uid "$seen")" "$(kubectl get pod shell -o 'jsonpath={.metadata.uid}')"
must "its container" same "$(member kubernetes.container.name)" shell
# An event has its first 12 digits (docs/events.md).
container=$(kubectl get pod shell -o 'jsonpath={.status.containerStatuses[0].containerID}')
container=${container#containerd://}
must "the container's id" same "$(member container.id "$seen")" "${container:0:12}"
must "the rule's key" same "$(member tags.0)" procmon
must "a name for its user, from the node's passwd" same "$(member user.name)" root

must "the pod is deleted" uninstall_agent
must "the audit socket is given back" socket_owner 0
must "auditd's directory is as it was" diff -r "$saved/audit" /etc/audit
