#!/usr/bin/env bash
# Builds a worker node's disk: Debian with systemd, without auditd, with an apt repository inside that offers it offline.
#   build.sh    prints the folder (in the cache) with root.img, vmlinuz and initrd.img; builds it when it is not there
#   NODEVM_NODE=selinux    which node: a file in nodes/
# Needs root and, by Debian package name: mmdebstrap e2fsprogs dpkg-dev. No KVM, no loop device, no mount.
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../lib/cache.sh
. "$here/../lib/cache.sh"
# shellcheck source=machine.sh
. "$here/machine.sh"

# What every worker node has from the start.
base=systemd,systemd-sysv,dbus,udev,kmod,iproute2,procps,rsyslog,logrotate,util-linux,util-linux-extra,e2fsprogs,ca-certificates
base+=,initramfs-tools,zstd,linux-image-cloud-amd64,runc

lap() { printf 'node image: %-24s %4d s\n' "$1" $((SECONDS - lap)); lap=$SECONDS; }
lap=0

make_root() { # ROOT
  local mirror security
  mirror=${DEBIAN_MIRROR:-$(debian_mirror Debian)}
  security=${DEBIAN_SECURITY_MIRROR:-$(debian_mirror Debian-Security)}
  [ -n "$mirror" ] || { echo "this machine's apt has no Debian archive: set DEBIAN_MIRROR" >&2; return 1; }
  local trusted="" trust=() more=()
  if [ "$suite" = sid ]; then
    # An archive that this machine's apt knows neither the keys nor the age of: a test bed, which serves nobody.
    trusted="[trusted=yes] " trust=(--aptopt='Acquire::Check-Valid-Until "false"')
  else
    [ "$suite" = bookworm ] || trusted="[trusted=yes] "
    more=("deb $trusted$mirror $suite-updates main" ${security:+"deb $trusted$security $suite-security main"})
  fi
  # Documentation is left out to keep the image small. An initramfs with three modules unpacks ten times faster than a full one.
  # shellcheck disable=SC2016 # the hooks are expanded by mmdebstrap
  mmdebstrap --quiet --mode=root --variant=minbase --include="$base,$(IFS=,; echo "${packages[*]}")" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-include=/usr/share/locale/locale.alias' \
    --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
    --essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d"; printf "MODULES=list\nCOMPRESS=zstd\n" >"$1/etc/initramfs-tools/conf.d/zz-vm"' \
    --essential-hook='printf "virtio_pci\nvirtio_blk\next4\n" >"$1/etc/initramfs-tools/modules"' \
    "${trust[@]}" "$suite" "$1" "deb $trusted$mirror $suite main" "${more[@]}"
  lap "root file system"
}

# Resolved with the node's own package state, so that the repository holds exactly what apt-get install will want there.
make_repository() { # ROOT
  local root=$1 debs=$1/srv/debs
  chroot "$root" apt-get update -qq
  chroot "$root" apt-get install -y -qq --download-only "${offered[@]}" </dev/null
  mkdir -p "$debs"
  mv "$root"/var/cache/apt/archives/*.deb "$debs/"
  (cd "$debs" && dpkg-scanpackages -m . /dev/null 2>/dev/null >Packages && gzip -9k Packages)
  rm -f "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/* "$root"/var/lib/apt/lists/*Packages* "$root"/var/lib/apt/lists/*InRelease*
  echo 'deb [trusted=yes] file:/srv/debs ./' >"$root/etc/apt/sources.list"
  # mmdebstrap leaves its options behind as files; with them later installs would lose their documentation too.
  rm -f "$root/etc/dpkg/dpkg.cfg.d/99mmdebstrap" "$root/etc/apt/apt.conf.d/99mmdebstrap"
  chroot "$root" apt-get update -qq
  lap "offline repository"
}

configure() { # ROOT
  local root=$1
  echo node1 >"$root/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 node1\n' >"$root/etc/hosts"
  echo '/dev/vda / ext4 errors=remount-ro 0 1' >"$root/etc/fstab"
  : >"$root/etc/machine-id" # filled at the first boot
  chroot "$root" passwd -d root >/dev/null
  mkdir -p "$root/etc/systemd/system/serial-getty@ttyS0.service.d"
  install -m 0644 "$here/guest/autologin.conf" "$root/etc/systemd/system/serial-getty@ttyS0.service.d/autologin.conf"
  install -m 0644 "$here/guest/scenario.target" "$here/guest/scenario.service" "$root/etc/systemd/system/"
  install -m 0755 "$here/guest/run-scenario" "$here/guest/containerd-defaults" "$root/usr/local/sbin/"
  # Timers that would only cost emulated CPU.
  chroot "$root" systemctl mask -q apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service \
    dpkg-db-backup.timer fstrim.timer
  # Started by the first container (pod.sh): most scenarios have none.
  chroot "$root" systemctl disable -q containerd.service
  configure_node "$root"
}

build() { # FOLDER
  local out=$1 root=$1/rootfs
  make_root "$root"
  make_repository "$root"
  configure "$root"
  cp "$root"/boot/vmlinuz-* "$out/vmlinuz"
  cp "$root"/boot/initrd.img-* "$out/initrd.img"
  truncate -s 3G "$out/root.img"
  mkfs.ext4 -q -L noderoot -E lazy_itable_init=1,lazy_journal_init=1 -d "$root" "$out/root.img"
  rm -rf "$root"
  lap "disk image"
}

cached "node-$node" "$(key_of '' "$here/build.sh" "$here"/guest/* "$nodes/debian12.sh" "$nodes/$node".*)" build
