# shellcheck shell=bash
# Sourced by scenarios: the cluster that suite.sh (or up.sh) started, and how to say what must hold.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
# shellcheck source=settings.sh
. "$here/settings.sh"
# shellcheck source=../../demo/lib.sh
. "$repository/demo/lib.sh"
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

# own_namespace NAME: makes it, makes it kubectl's default, and has it removed with all that is in it when the scenario ends: nobody waits for that, the
# next scenario has a namespace of its own and the cluster does not live long.
own_namespace() {
  namespace=$1
  kubectl create namespace "$namespace" >/dev/null
  cp "$KUBECONFIG" "$cluster/kubeconfig/$namespace"
  KUBECONFIG=$cluster/kubeconfig/$namespace
  kubectl config set-context --current --namespace="$namespace" >/dev/null
  at_end delete_namespace "$namespace"
}
# The pods' objects are not waited for: a kubelet of 1.20 that cleans up twice at once finds its container gone, and then takes a minute or more to say so.
delete_namespace() {
  kubectl delete pod --namespace "$1" --all --force --grace-period=0 2>&1
  kubectl delete namespace "$1" --ignore-not-found --wait=false
}

# at_end COMMAND…: when the scenario ends, whichever way; the last one first. One that fails fails the scenario.
endings=()
at_end() { endings=("$(printf '%q ' "$@")" "${endings[@]}"); trap run_endings EXIT; }
run_endings() {
  local status=$? command output
  for command in "${endings[@]}"; do
    output=$(eval "$command" 2>&1) || { say "NOT SO at the end: $command"; printf '%s\n' "$output"; [ $status != 0 ] || status=1; }
  done
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
# Once a cluster and binary.
agent_image() {
  local archive=$cluster/images/agent.tar
  [ "$archive" -nt "$repository/artifacts/aks-auditd" ] && return 0
  "$repository/deploy/image/build-local.sh" test.local/aks-auditd:1 "$archive"
  "${images[@]}" import --snapshotter overlayfs "$archive" >/dev/null
}

# own_audit: this machine's kernel audit state, the only one there is, for this scenario alone; put back at its end. When it is not
# as before then, the scenario failed. auditd runs on the node from now on: there is no systemd here, and an auditd that an init container
# started would end with it.
own_audit() {
  own_audit_alone
  auditd_pid >/dev/null || setsid auditd -n >"$saved/auditd.out" 2>&1 </dev/null 8>&- &
  eventually 10 "auditd runs on the node" auditd_pid
}

# own_audit_alone: the same, but nobody is started who would have the audit socket.
own_audit_alone() {
  exec 8>/run/lock/aks-auditd-tests
  flock -n 8 || { say "waiting for other tests that use the kernel's audit rules"; flock 8; }
  saved=$(mktemp -d)
  at_end rm -rf "$saved"
  audit_save "$saved"
  node_fingerprint >"$saved/before"
  at_end put_back_audit
  [ ! -e "$state" ] || { say "NOT SO: $state is there: an agent runs here, or one has not been given back"; exit 1; }
}

# socket_owner PID: the kernel sends its records to this process; 0: to nobody.
socket_owner() { same "$(auditctl -s | sed -n 's/^pid //p')" "$1"; }

state=/var/lib/aks-auditd
node_fingerprint() { audit_fingerprint; echo "## state"; ls "$state" 2>&1 || true; }
put_back_audit() {
  audit_restore "$saved"
  rm -rf "${state:?}"
  diff "$saved/before" <(node_fingerprint)
}

# audited WORD KEY: auditd has written that a program was started with this argument, in an event with this key.
audited() {
  local logs=(/var/log/audit/audit.log) event # and the one before, when it has just been rotated
  [ ! -e "${logs[0]}.1" ] || logs+=("${logs[0]}.1")
  event=$(grep -ahoE "^type=EXECVE msg=audit\([0-9.:]+\): .*\"$1\"" "${logs[@]}" | grep -aoE -m 1 'audit\([0-9.:]+\)')
  grep -ahF "type=SYSCALL msg=$event" "${logs[@]}" | grep -aF "key=\"$2\""
}

# install_agent OPTION…: the chart with the binary of this machine, as release "audited" in the scenario's namespace. Without the init
# container: the packages are here, and what it starts would end with it.
chart=$repository/deploy/helm/aks-auditd
chart_options=(--set "image.repository=test.local/aks-auditd,image.pullPolicy=Never,install.enabled=false,fullnameOverride=audited" --set-string image.tag=1)
install_agent() {
  agent_image >/dev/null
  must "helm install" helm install audited "$chart" --namespace "$namespace" "${chart_options[@]}" "$@"
}

# What there is of the agent now. The pid is the node's: an image has no ps, and needs none.
agent_pod() { kubectl get pod -l app.kubernetes.io/instance=audited --field-selector=status.phase=Running -o 'jsonpath={.items[0].metadata.name}'; }
agent_address() { kubectl get pod -l app.kubernetes.io/instance=audited -o 'jsonpath={.items[0].status.podIP}'; }
agent_pid() { sed -nE 's/^pid ([0-9]+) .*/\1/p' "$state/lock"; }
ready_nodes() { kubectl get daemonset audited -o 'jsonpath={.status.numberReady}'; }
probe() { curl -s --max-time 5 "http://$(agent_address):9807$1"; }

# The kernel's rules. in_kernel KEY, not_in_kernel KEY: with this key.
in_kernel() { auditctl -l | grep -E -- "(-k |-F key=)$1\$"; }
not_in_kernel() { ! in_kernel "$1"; }

# helm does not wait for the pods, and as long as an agent runs it puts back what we take away. The pod's object is not waited for: a kubelet of 1.20 that
# cleans up twice at once finds its container gone, and then takes a minute to say that the pod is.
uninstall_agent() {
  local pid pods=(--namespace "$namespace" -l app.kubernetes.io/instance=audited)
  pid=$(agent_pid 2>/dev/null) || true
  helm uninstall audited --namespace "$namespace" --ignore-not-found --wait
  kubectl delete pod "${pods[@]}" --wait=false
  eventually 60 "the agent has ended" agent_has_ended "$pid"
  kubectl delete pod "${pods[@]}" --force --grace-period=0
}
agent_has_ended() { [ "$(cat "/proc/${1:-none}/comm" 2>/dev/null)" != aks-auditd ]; }
