#!/usr/bin/env bash
# Stops the cluster that up.sh started, whole or half, by its pid files; removes its containers, cgroups, mounts and state.
# The logs stay in $cluster.log (KEEP_LOGS names another folder).
set -uo pipefail
# shellcheck source=settings.sh
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"
[ -d "$cluster" ] || exit 0

# A zombie counts as gone: process 1 of a container may reap late.
gone() { ! kill -0 "$1" 2>/dev/null || grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"; }

stop() { # NAME SECONDS
  local file=$cluster/pids/$1.pid pid name i
  [ -f "$file" ] || return 0
  pid=$(cat "$file")
  name=$(cat "/proc/$pid/comm" 2>/dev/null)
  # The kernel cuts names at 15 characters. Another name: the pid is somebody else's by now.
  if [ -n "$name" ] && [[ $1 == "$name"* ]]; then
    kill "$pid" 2>/dev/null
    for ((i = 0; i < $2 * 20; i++)); do gone "$pid" && break; sleep 0.05; done
    gone "$pid" || { echo "$1 did not stop in $2 s: killed"; kill -9 "$pid"; }
  fi
  rm -f "$file"
}

stop kubelet 10
if [ -S "$containerd_socket" ]; then
  ctr=(timeout 20 ctr -a "$containerd_socket" -n k8s.io)
  for task in $("${ctr[@]}" tasks ls -q); do "${ctr[@]}" tasks kill -a -s SIGKILL "$task"; done >/dev/null 2>&1
  for task in $("${ctr[@]}" tasks ls -q); do "${ctr[@]}" tasks rm -f "$task"; done >/dev/null 2>&1
  for container in $("${ctr[@]}" containers ls -q); do "${ctr[@]}" containers rm "$container"; done >/dev/null 2>&1
fi
# Only when containerd was dead already: its shims are told from others by this cluster's socket.
for process in /proc/[0-9]*; do
  if grep -qs '^containerd-shim' "$process/comm" && tr '\0' ' ' <"$process/cmdline" | grep -qF -- "-address $containerd_socket "; then
    cat "$process"/task/*/children | xargs -r kill -9
    kill -9 "${process#/proc/}"
  fi
done 2>/dev/null
find /run/netns -maxdepth 1 -name 'cni-*' 2>/dev/null | while read -r namespace; do
  umount "$namespace" 2>/dev/null
  rm -f "$namespace"
done
stop kube-scheduler 5
stop kube-controller-manager 5
stop kube-apiserver 15
stop containerd 10
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
  [ ! -d "$hierarchy/kubepods" ] || find "$hierarchy/kubepods" -depth -type d -exec rmdir {} \; 2>/dev/null
done
rmdir /var/log/pods /var/log/containers /var/lib/kubelet \
  /run/containerd/runc/k8s.io /run/containerd/runc /run/containerd/s /run/containerd 2>/dev/null
logs=${KEEP_LOGS:-$cluster.log}
rm -rf "$logs"
mkdir -p "$logs"
cp "$cluster"/log/*.log "$logs/" 2>/dev/null
# etcd last: it holds the lock that says that a cluster is here.
stop etcd 10
rm -rf "$cluster"
exit 0
