#!/usr/bin/env bash
# Starts a cluster, runs scenarios on it, stops it, and ends with "N passed, N failed, N skipped".
#   suite.sh           every folder in scenarios/
#   suite.sh NAME…     only these
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.." || exit
# shellcheck source=../lib/suites.sh
. test/lib/suites.sh

names=("$@")
[ $# -gt 0 ] || mapfile -t names < <(find "$here/scenarios" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort)

[ "$(id -u)" = 0 ] || skip_all "a kubelet needs root" ${#names[@]}
command -v apt-get >/dev/null || skip_all "the cluster is made of Debian packages: this machine has no apt" ${#names[@]}
# Cgroup v2 alone has not been tried with this old a kubelet.
[ -d /sys/fs/cgroup/memory ] || skip_all "the cluster needs cgroup v1 controllers, this machine has none" ${#names[@]}
[ -x artifacts/aks-auditd ] || give_up "artifacts/aks-auditd is missing: run ./build.sh"
install_packages buildah containerd runc etcd-server golang-go gcc libc6-dev busybox-static containernetworking-plugins iptables openssl curl unzip auditd audispd-plugins strace
command -v npm >/dev/null || install_packages npm
# containerd confines containers only when the profiles' parser is there.
[ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" != Y ] || install_packages apparmor

mkdir -p artifacts/kubernetes
since=$SECONDS
{ "$here/build.sh" && "$here/tools.sh"; } >artifacts/kubernetes-build.log 2>&1 ||
  { cat artifacts/kubernetes-build.log; give_up "no Kubernetes to run"; }
say "Kubernetes binaries ready ($((SECONDS - since)) s)"

export KEEP_LOGS=$PWD/artifacts/kubernetes/cluster
export CLUSTER_OWNER=$$
trap '"$here/down.sh"' EXIT
export SYNC_FREQUENCY=${SYNC_FREQUENCY:-2s}
scenario "the cluster comes up" artifacts/kubernetes/up.log "$here/up.sh"
[ "$failed" = 0 ] || finish
for name in "${names[@]}"; do
  scenario "$name" "artifacts/kubernetes/$name.log" "$here/scenarios/$name/run.sh"
done
scenario "the cluster goes down" artifacts/kubernetes/down.log "$here/down.sh"
trap - EXIT
finish
