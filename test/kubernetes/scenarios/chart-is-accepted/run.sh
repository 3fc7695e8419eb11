#!/usr/bin/env bash
# A real API server takes what is deployed: the chart in each of its forms, and the plain manifests. Nothing is started.
# shellcheck source=../../lib.sh
. "$(dirname "$0")/../../lib.sh"

own_namespace chart-is-accepted
chart=$repository/deploy/helm/aks-auditd
accepted() { helm install test "$chart" --namespace chart-is-accepted --dry-run=server --server-side=false "$@" >/dev/null; }
must "the chart" accepted
must "the chart, embedded, with events" accepted --set config.mode=embedded,events.enabled=true,agent.instantDrift=true
must "the chart, uninstall" accepted --set uninstall.enabled=true
must "the chart, for a node pool" accepted --set nodePool=gpu

# Without the namespace, which is not made in a dry run, and without a field that this old API server does not know.
for manifest in "$repository"/deploy/kubernetes/[a-z]*.yaml; do
  sed -E 's/^  namespace: .*/  namespace: chart-is-accepted/; /recursiveReadOnly:/d' "$manifest" >"$cluster/${manifest##*/}"
  must "deploy/kubernetes/${manifest##*/}" kubectl apply --dry-run=server -f "$cluster/${manifest##*/}"
done
