# shellcheck shell=bash disable=SC2034
# The same node with SELinux enforcing instead of AppArmor, as on Azure Container Linux: Debian's policy, which has the container types (container_t, spc_t).
# shellcheck source=debian12.sh
. "${BASH_SOURCE[0]%/*}/debian12.sh"
packages=(containerd selinux-policy-default policycoreutils selinux-utils attr)
arguments="security=selinux selinux=1 enforcing=1"

configure_node() { # ROOT
  local root=$1
  printf 'SELINUX=enforcing\nSELINUXTYPE=default\n' >"$root/etc/selinux/config"
  # The scenario is what an administrator would do, not a part of systemd.
  mkdir -p "$root/etc/systemd/system/scenario.service.d"
  printf '[Service]\nSELinuxContext=unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023\n' >"$root/etc/systemd/system/scenario.service.d/selinux.conf"
  # mkfs.ext4 -d copies the labels. This machine's kernel need not know SELinux: they are attributes like others.
  # setfiles wants /proc: in a mount namespace of its own.
  # shellcheck disable=SC2016 # for the inner shell
  unshare --mount sh -ec 'mount -t proc proc "$1/proc"; chroot "$1" setfiles -F -e /proc -e /sys -e /dev /etc/selinux/default/contexts/files/file_contexts /' sh "$root"
}
