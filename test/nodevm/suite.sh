#!/usr/bin/env bash
# Runs scenarios on a fresh node in a virtual machine each, and ends with "N passed, N failed, N skipped".
#   suite.sh           every folder in scenarios/ but the long ones
#   suite.sh --long    only the long ones, which test/long.sh runs
#   suite.sh --all     every folder in scenarios/
#   suite.sh NAME…     only these
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.." || exit
# shellcheck source=../lib/suites.sh
. test/lib/suites.sh

# What shows the test bed rather than the agent, and what is long.
long=(auditd-by-hand install-trouble power-cut started-before uninstall-own-auditd)
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
install_packages mmdebstrap qemu-system-x86 e2fsprogs dpkg-dev

since=$SECONDS
"$here/snapshot.sh" >artifacts/nodevm-build.log 2>&1 || { cat artifacts/nodevm-build.log; give_up "no node image"; }
say "node image ready ($((SECONDS - since)) s)"
for name in "${names[@]}"; do
  scenario "$name" "artifacts/nodevm/$name.log" "$here/run.sh" "$name"
done
finish
