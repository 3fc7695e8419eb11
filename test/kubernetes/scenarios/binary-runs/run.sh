#!/usr/bin/env bash
# The binary built on this machine runs in a pod whose image has nothing but it and its C library.
# shellcheck source=../../lib.sh
. "$(dirname "$0")/../../lib.sh"

own_namespace binary-runs
agent_image
kubectl apply -f - >/dev/null <<'END'
apiVersion: v1
kind: Pod
metadata: {name: version}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  containers:
    - name: agent
      image: test.local/aks-auditd:1
      imagePullPolicy: Never
      args: [--version]
      securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
END
phase() { same "$(kubectl get pod version -o 'jsonpath={.status.phase}')" "$1"; }
eventually 60 "the pod ran to its end" phase Succeeded
must "it printed the version that the binary prints here" \
  same "$(kubectl logs version)" "$("$repository/artifacts/aks-auditd" --version)"
