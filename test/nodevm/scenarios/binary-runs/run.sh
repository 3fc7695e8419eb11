#!/bin/sh
# The binary built on this machine runs on a node: right libc, nothing else needed.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
must "systemd finished booting" systemctl is-system-running --wait
must "the binary runs" /usr/local/bin/aks-auditd --version
cat /tmp/must.log
