#!/usr/bin/env bash
# Runs one scenario on a fresh node in a virtual machine, and exits with its status.
#   run.sh SCENARIO [RESULTS]    SCENARIO: a folder with run.sh, or the name of one in scenarios/
#   run.sh --console             a root console on a node that is thrown away; "poweroff" ends it
# The scenario's folder, guest.sh, agent.sh, pod.sh and artifacts/aks-auditd are /mnt/x in the guest, and /mnt/x/pods what pod/build.sh makes of the
# scenario's own folder "pods"; /mnt/x as the guest left it, its logs and its console end up in RESULTS (default artifacts/nodevm/NAME).
#   NODEVM_NODE=NAME     the node (a file in nodes/); a scenario's file "node" names it first; without either: debian12
#   NODEVM_BOOT=cold     boot the machine instead of resuming the saved boot
#   NODEVM_LIMIT=600     seconds after which a hanging machine is ended
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
artifacts=$here/../../artifacts
limit=${NODEVM_LIMIT:-600}

scenario=${1:?usage: run.sh SCENARIO [RESULTS] | --console}
[ -d "$scenario" ] || scenario=$here/scenarios/$scenario
[ ! -f "$scenario/node" ] || NODEVM_NODE=$(cat "$scenario/node")
export NODEVM_NODE
# shellcheck source=machine.sh
. "$here/machine.sh"
images=$("$here/build.sh")
# Writes to the image go to a temporary file that lives as long as the machine, reboots included.
disk_options=,snapshot=on

if [ "${1:-}" = --console ]; then
  qemu "$images" "$images/root.img" -serial mon:stdio -append "$kernel_arguments"
  exit
fi

[ -f "$scenario/run.sh" ] || { echo "run.sh: no scenario in $scenario" >&2; exit 2; }
results=${2:-$artifacts/nodevm/$(basename "$scenario")}
rm -rf "$results"
mkdir -p "$results"
results=$(cd "$results" && pwd)

exchange=$(mktemp -d)
trap 'rm -rf "$exchange"' EXIT
cp -rL "$scenario/." "$here/guest.sh" "$here/agent.sh" "$here/pod.sh" "$here/mainjob.sh" "$exchange/"
[ ! -f "$artifacts/aks-auditd" ] || cp "$artifacts/aks-auditd" "$exchange/"
if [ -d "$scenario/pods" ]; then
  rm -r "$exchange/pods"
  "$here/pod/build.sh" "$scenario/pods" "$exchange/pods"
  cp -r "$here/../../deploy/apparmor" "$exchange/"
fi
date +%s >"$exchange/now"
truncate -s "$exchange_size" "$results/exchange.img"
mkfs.ext4 -q -d "$exchange" "$results/exchange.img"

disk=$images/root.img
resume=()
if [ "${NODEVM_BOOT:-resume}" = resume ]; then
  saved=$("$here/snapshot.sh")
  disk=$saved/disk.img
  resume=(-incoming "exec:cat $saved/memory.state")
fi

# ttyS0 is the console of kernel and systemd, ttyS1 the scenario's output. Exported for timeout, which runs programs and not functions.
export -f qemu
export disk_options processors memory
started=$SECONDS
ended=0
timeout "$limit" bash -c 'qemu "$@"' qemu "$images" "$disk" \
  -drive "file=$results/exchange.img,format=raw,if=virtio,cache=unsafe" \
  -serial "file:$results/console.log" -serial "file:$results/scenario.log" "${resume[@]}" \
  -append "$kernel_arguments systemd.unit=scenario.target" </dev/null || ended=$?
tr -d '\r' <"$results/scenario.log"
mkdir -p "$results/x"
debugfs -R "rdump / $results/x" "$results/exchange.img" >/dev/null 2>&1
rm -f "$results/exchange.img"
echo "machine: $((SECONDS - started)) s, exit status $ended"
[ "$ended" = 0 ] || { tail -n 15 "$results/console.log" | tr -d '\r'; echo "the machine did not end by itself (limit $limit s): see $results/console.log"; exit 3; }
exit "$(cat "$results/x/status" 2>/dev/null || echo 4)"
