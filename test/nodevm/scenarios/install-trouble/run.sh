#!/bin/sh
# What goes wrong while a node is made ready: one clear line each, exit code 3, and the next run heals.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh
refused() { what=$1 words=$2; must "$what" fails_with 3 "$words" aks-auditd install; grep -E ' (panic|fatal|critical|error|crit|fail)' -i /tmp/fails.log | tail -n 1; }

node_as_it_is /tmp/bare
mkdir /node
# A pod without hostPID: pid and mount namespaces of its own, the node's root at /node.
in_pod() { unshare -m -p -f --mount-proc sh -c 'mount --rbind / /node && AA_HOST_ROOT=/node exec aks-auditd "$@"' sh "$@"; }
must "install without hostPID" fails_with 3 hostPID in_pod install
must "status without hostPID" fails_with 3 hostPID in_pod status
rmdir /node

mv /usr/lib/os-release /usr/lib/os-release.away
refused "no os-release" 'no /etc/os-release'
printf 'ID=plan9\nPRETTY_NAME="Plan 9"\n' >/usr/lib/os-release
refused "an unknown distribution" 'Plan 9 \(ID=plan9\)'
mv /usr/lib/os-release.away /usr/lib/os-release
mv /usr/bin/apt-get /usr/bin/apt-get.away
refused "no package manager" 'no apt-get here'
mv /usr/bin/apt-get.away /usr/bin/apt-get
read_only() { unshare -m sh -c 'mount --bind /usr /usr && mount -o remount,ro,bind /usr && exec aks-auditd install'; }
must "a read-only /usr" fails_with 3 '/usr is read-only' read_only
node_as_it_is /tmp/after
must "the node is as it was" diff /tmp/bare /tmp/after

mv /srv/debs /srv/debs.away
refused "the mirror is unreachable" 'apt-get: install failed'
mv /srv/debs.away /srv/debs
fallocate -l "$(($(stat -f -c '%f * %S' /) - 500000))" /fill || dd if=/dev/zero of=/fill bs=1M 2>/dev/null
refused "the disk is full" 'No space left|enough free space'
rm /fill

# As if dpkg had been killed between unpacking and configuring.
dpkg --unpack /srv/debs/auditd_*.deb /srv/debs/libauparse0_*.deb >/dev/null 2>&1
mkdir -p /etc/systemd/system/auditd.service.d
printf '[Service]\nExecStartPre=/bin/false\n' >/etc/systemd/system/auditd.service.d/trouble.conf
systemctl daemon-reload
refused "dpkg was interrupted, and auditd does not start" 'auditd'
rm -r /etc/systemd/system/auditd.service.d
systemctl daemon-reload
must "the next run heals all of it" aks-auditd install
cat /tmp/must.log
must "auditd runs" systemctl is-active auditd

# Another program has the audit socket.
rm -rf /etc/systemd/system/auditd.service.d
systemctl daemon-reload
must "auditd stops" systemctl stop auditd
cp /sbin/auditd /usr/local/sbin/auoms
/usr/local/sbin/auoms -n >/dev/null 2>&1 &
eventually 10 "another program has the audit socket" sh -c 'auditctl -s | grep -qE "^pid [1-9]"'
refused "it is named and not fought" 'belongs to another program: auoms, pid [0-9]+'
must "it still has it" pgrep -x auoms
pkill -x auoms
eventually 20 "the next run heals" aks-auditd install
