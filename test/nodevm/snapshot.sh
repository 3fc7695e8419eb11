#!/usr/bin/env bash
# Boots the node once and saves the booted machine, so that a scenario starts in seconds.
#   snapshot.sh    prints the folder (in the cache) with memory.state and disk.img; makes it when it is not there
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../lib/cache.sh
. "$here/../lib/cache.sh"
# shellcheck source=machine.sh
. "$here/machine.sh"

save() { # FOLDER
  local out=$1 started=$SECONDS i
  cp --sparse=always "$images/root.img" "$out/disk.img"
  truncate -s "$exchange_size" "$out/blank.img"
  echo "node image: booting it once to save the booted state"
  {
    for ((i = 0; i < 300; i++)); do
      grep -qs 'scenario: ready' "$out/scenario.log" && break
      sleep 1
    done
    sleep 2
    echo 'migrate_set_parameter max-bandwidth 4G'
    echo "migrate \"exec:cat > $out/memory.state\""
    echo 'info migrate'
    echo quit
  } | qemu "$images" "$out/disk.img" -drive "file=$out/blank.img,format=raw,if=virtio,cache=unsafe" \
    -serial "file:$out/console.log" -serial "file:$out/scenario.log" -monitor stdio \
    -append "$kernel_arguments systemd.unit=scenario.target" >"$out/monitor.log"
  grep -aq '^Migration status: completed' "$out/monitor.log" || { tail -n 20 "$out/console.log" "$out/monitor.log"; return 1; }
  rm "$out/blank.img"
  printf 'node image: %-24s %4d s\n' "saved state" $((SECONDS - started))
}

images=$("$here/build.sh")
cached "node-$node-booted" "$(key_of "${images##*/} $processors ${NODEVM_CPU:-} $(qemu-system-x86_64 --version)" \
  "$here/machine.sh" "$here/snapshot.sh")" save
