# shellcheck shell=bash disable=SC2034,SC2154 # nodes is machine.sh's
# The same node with SELinux enforcing instead of AppArmor, as on Azure Container Linux. Debian's policy has the container types (container_t, spc_t) in its
# source but not in its package: the module is compiled while the image is built. auditd is in the image and its service disabled, as on such nodes: their
# /usr is read-only, so that no package manager runs there.
# shellcheck source=debian12.sh
. "${BASH_SOURCE[0]%/*}/debian12.sh"
packages=(containerd selinux-policy-default selinux-policy-dev selinux-policy-src semodule-utils policycoreutils selinux-utils
  auditd audispd-plugins)
offered=(less) # it may not be empty
arguments="security=selinux selinux=1 enforcing=1"

configure_node() { # ROOT
  local root=$1 work=$1/root/policy
  chroot "$root" systemctl disable -q auditd.service
  printf 'SELINUX=enforcing\nSELINUXTYPE=default\n' >"$root/etc/selinux/config"
  mkdir "$work"
  tar -xf "$root/usr/src/selinux-policy-src.tar.zst" -C "$work" --strip-components=4 \
    selinux-policy-src/policy/modules/services/container.te selinux-policy-src/policy/modules/services/container.fc
  cp "$nodes/selinux.te" "$work/bed.te"
  chroot "$root" sh -ec 'cd /root/policy
    make -f /usr/share/selinux/devel/Makefile NAME=default container.pp bed.pp
    semodule -n -s default -i container.pp bed.pp' 2>&1 | grep -v 'duplicate definition'
  rm -r "$work"
  mkdir -p "$root/etc/systemd/system/scenario.service.d"
  printf '[Service]\nSELinuxContext=system_u:system_r:container_engine_t:s0\n' >"$root/etc/systemd/system/scenario.service.d/selinux.conf"
  # mkfs.ext4 -d copies the labels. This machine's kernel need not know SELinux: they are attributes like others.
  # setfiles wants /proc: in a mount namespace of its own.
  # shellcheck disable=SC2016 # for the inner shell
  unshare --mount sh -ec 'mount -t proc proc "$1/proc"; chroot "$1" setfiles -F -e /proc -e /sys -e /dev /etc/selinux/default/contexts/files/file_contexts /' sh "$root"
}
