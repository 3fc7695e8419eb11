#!/usr/bin/env bash
# Makes what a scenario's pods are made of, on the machine that runs the tests.
#   build.sh VALUES-FOLDER OUT    each VALUES-FOLDER/NAME.yaml is a file of values for the chart; it becomes OUT/NAME (see oci.mjs)
# OUT/root is the image's file system: artifacts/aks-auditd and the C library, as the Dockerfile's last stage has them; OUT/net is net.c.
#   NODEVM_CHART=FOLDER    another chart than this repository's
# Needs, by Debian package name: npm unzip gcc libc6-dev.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../../.." && pwd)
chart=${NODEVM_CHART:-$repository/deploy/helm/aks-auditd}
PATH=$("$repository/test/kubernetes/tools.sh"):$PATH
modules=$("$repository/test/chart/schemas.sh")
values=$1 out=$2

mkdir -p "$out/root/usr/local/bin"
# As deploy/image/build-local.sh does it: the loader and the libraries that ldd names.
ldd "$repository/artifacts/aks-auditd" | awk '$2 == "=>" { print $3 } $1 ~ "^/" { print $1 }' | sort -u | while read -r library; do
  install -D "$library" "$out/root$library"
done
install -m 0555 "$repository/artifacts/aks-auditd" "$out/root/usr/local/bin/aks-auditd"
gcc -Os -static -s -Wall -Wextra -Werror -o "$out/net" "$here/net.c"

render() { helm template aks-auditd "$chart" --namespace aks-auditd -f "$1" "${@:3}" | node "$here/oci.mjs" "$modules" "$2"; }
for file in "$values"/*.yaml; do
  name=$(basename "$file" .yaml)
  # The pod that gives the node back is another rendering; of it only its container is kept.
  render "$file" "$out/$name/uninstall" --set uninstall.enabled=true
  mv "$out/$name/uninstall/"uninstall.* "$out/$name/"
  rm -r "$out/$name/uninstall"
  render "$file" "$out/$name"
done
