#!/usr/bin/env bash
# Runs scenarios on a fresh node in a virtual machine each, and ends with "N passed, N failed, N skipped".
#   suite.sh           every folder in scenarios/ but the long ones
#   suite.sh --long    only the long ones, which test/long.sh runs
#   suite.sh --all     every folder in scenarios/
#   suite.sh NAME…     only these
#   NODEVM_NODE=NAME   on another node (a file in nodes/), but for scenarios that say theirs
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.." || exit
# shellcheck source=../lib/suites.sh
. test/lib/suites.sh

# What shows the test bed rather than the agent, what is long, and what wants another node, whose image is built first.
long=(apparmor-events apparmor-trouble auditd-by-hand doubled-rsyslog immutable install-trouble no-rsyslog power-cut selinux started-before uninstall-own-auditd)
mapfile -t all < <(find "$here/scenarios" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort)
case ${1:-} in
  '') mapfile -t names < <(printf '%s\n' "${all[@]}" | grep -vxF "$(printf '%s\n' "${long[@]}")") ;;
  --long) names=("${long[@]}") ;;
  --all) names=("${all[@]}") ;;
  *) names=("$@") ;;
esac

[ "$(id -u)" = 0 ] || skip_all "building the node's image needs root" ${#names[@]}
command -v apt-get >/dev/null || skip_all "the node's image is made of Debian packages: this machine has no apt" ${#names[@]}
[ "$(uname -m)" = x86_64 ] || skip_all "the virtual machine is an x86-64 one" ${#names[@]}
[ -x artifacts/aks-auditd ] || give_up "artifacts/aks-auditd is missing: run ./build.sh"
install_packages mmdebstrap qemu-system-x86 e2fsprogs dpkg-dev gcc libc6-dev unzip
command -v npm >/dev/null || install_packages npm

since=$SECONDS
mapfile -t nodes < <(for name in "${names[@]}"; do cat "$here/scenarios/$name/node" 2>/dev/null || echo "${NODEVM_NODE:-debian12}"; done | sort -u)
(
  for node in "${nodes[@]}"; do NODEVM_NODE=$node "$here/snapshot.sh" || exit; done
  # What pods are made with (pod/build.sh).
  test/kubernetes/tools.sh && test/chart/schemas.sh
) >artifacts/nodevm-build.log 2>&1 || { cat artifacts/nodevm-build.log; give_up "no node image"; }
say "images ready: ${nodes[*]} ($((SECONDS - since)) s)"
for name in "${names[@]}"; do
  scenario "$name" "artifacts/nodevm/$name.log" "$here/run.sh" "$name"
done
finish
