# shellcheck shell=bash
# Sourced by scenarios: the cluster that suite.sh (or up.sh) started, and how to say what must hold.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
# shellcheck source=settings.sh
. "$here/settings.sh"
export KUBECONFIG
PATH=$("$here/tools.sh"):$PATH
images=(ctr -a "$containerd_socket" -n k8s.io images)

since=$(date +%s%N)
# shellcheck disable=SC2120 # scenarios pass it
# elapsed [FROM]: milliseconds since FROM (from date +%s%N), or since the scenario's start.
elapsed() { echo $((($(date +%s%N) - ${1:-$since}) / 1000000)); }
# shellcheck disable=SC2119
say() { printf '[%6d ms] %s\n' "$(elapsed)" "$*"; }

# must WHAT COMMAND…: a line when it holds; its output and the end of the scenario when it does not.
must() {
  local what=$1 output status=0; shift
  output=$("$@" 2>&1) || status=$?
  if [ $status != 0 ]; then say "NOT SO: $what: $* (status $status)"; printf '%s\n' "$output"; exit 1; fi
  say "ok: $what"
}

# eventually SECONDS WHAT COMMAND…: must, but it may take so long.
eventually() {
  local seconds=$1 what=$2 output deadline; shift 2
  deadline=$((SECONDS + seconds))
  until output=$("$@" 2>&1); do
    if [ $SECONDS -ge $deadline ]; then say "NOT SO after $seconds s: $what: $*"; printf '%s\n' "$output"; exit 1; fi
    sleep 0.2
  done
  say "ok: $what"
}

same() { [ "$1" = "$2" ] || { printf 'wanted: %s\ngot:    %s\n' "$2" "$1"; return 1; }; }
contains() { grep -qF -- "$2" <<<"$1" || { printf 'wanted: …%s…\ngot:    %s\n' "$2" "$1"; return 1; }; }
skip() { echo "$*"; exit 77; }

# own_namespace NAME: makes it, makes it kubectl's default, and removes it with all that is in it when the scenario ends.
own_namespace() {
  namespace=$1
  kubectl create namespace "$namespace" >/dev/null
  cp "$KUBECONFIG" "$cluster/kubeconfig/$namespace"
  KUBECONFIG=$cluster/kubeconfig/$namespace
  kubectl config set-context --current --namespace="$namespace" >/dev/null
  at_end kubectl delete namespace "$namespace" --timeout=60s
}

# at_end COMMAND…: when the scenario ends, whichever way; the last one first.
endings=()
at_end() { endings=("$(printf '%q ' "$@")" "${endings[@]}"); trap run_endings EXIT; }
run_endings() {
  local status=$? command
  for command in "${endings[@]}"; do eval "$command" >/dev/null 2>&1 || true; done
  exit $status
}

# load_image NAME:TAG ROOT COMMAND…: a FROM-scratch image, known to the node.
load_image() {
  "$here/mkimage.sh" "$1" "$cluster/images/scenario.tar" "${@:2}"
  "${images[@]}" import --snapshotter overlayfs "$cluster/images/scenario.tar" >/dev/null
}

# busybox_image: an image with a shell, test.local/busybox:1 (package busybox-static).
busybox_image() {
  local root name
  root=$(mktemp -d)
  mkdir -p "$root/bin" "$root/tmp"
  cp "$(command -v busybox)" "$root/bin/busybox"
  for name in sh sleep cat ls; do ln -s busybox "$root/bin/$name"; done
  load_image test.local/busybox:1 "$root" /bin/sh
  rm -rf "$root"
}

# agent_image: artifacts/aks-auditd as an image, test.local/aks-auditd:1, the Dockerfile's last stage on this machine's C library.
agent_image() {
  "$repository/deploy/image/build-local.sh" test.local/aks-auditd:1 "$cluster/images/agent.tar"
  "${images[@]}" import --snapshotter overlayfs "$cluster/images/agent.tar" >/dev/null
}

# own_audit: this machine's kernel audit state, the only one there is, for this scenario alone; put back at its end.
own_audit() {
  exec 8>/run/lock/aks-auditd-tests
  flock -n 8 || { say "waiting for other tests that use the kernel's audit rules"; flock 8; }
  local saved
  saved=$(mktemp)
  auditctl -l | grep -v '^No rules' >"$saved" || true
  auditctl -s | awk '{ option["enabled"] = "-e"; option["failure"] = "-f"; option["rate_limit"] = "-r"; option["backlog_limit"] = "-b" }
    $1 in option { print option[$1], $2 }' >>"$saved"
  at_end rm -f "$saved"
  at_end auditctl -R "$saved"
  at_end auditctl -D
}
