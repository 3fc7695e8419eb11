# shellcheck shell=bash disable=SC2034
# Sourced: the node (a file in nodes/) and the virtual machine that run.sh and snapshot.sh both start. A saved state fits only the machine that saved it.
node=${NODEVM_NODE:-debian12}
nodes=$(dirname "${BASH_SOURCE[0]}")/nodes
[ -f "$nodes/$node.sh" ] || { echo "no node $node: there is $(cd "$nodes" && echo ./*)" >&2; exit 2; }
# shellcheck source=nodes/debian12.sh
. "$nodes/$node.sh"
memory=2048
processors=${NODEVM_CPUS:-2}
exchange_size=512M

# qemu IMAGES DISK OPTION…: OPTION… must hold the serial ports and what else differs.
qemu() {
  local images=$1 disk=$2; shift 2
  # Nehalem is a little faster than "max" under emulation; say NODEVM_CPU=max for a userland that wants x86-64-v3.
  qemu-system-x86_64 -machine q35 -cpu "${NODEVM_CPU:-Nehalem}" -smp "$processors" -m "$memory" \
    -accel tcg,thread=multi,tb-size=512 -nodefaults -display none -nic none \
    -object rng-random,filename=/dev/urandom,id=rng -device virtio-rng-pci,rng=rng \
    -kernel "$images/vmlinuz" -initrd "$images/initrd.img" \
    -drive "file=$disk,format=raw,if=virtio,cache=unsafe${disk_options:-}" "$@"
}

# Expedited: without it the kernel waits for all its readers whenever a rule is deleted or a file system goes.
kernel_arguments="root=/dev/vda rw console=ttyS0 mitigations=off random.trust_cpu=on rcupdate.rcu_expedited=1${arguments:+ $arguments}"
