#!/bin/sh
# A node like Azure Container Linux: /usr is read-only, there is no package manager, no rsyslog and no auditd. With "mode: auto" the agent is the audit
# daemon, and events are lines of JSON on its standard output, from where the container runtime takes them.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh
# shellcheck source=../../pod.sh
. /mnt/x/pod.sh
# shellcheck source=../../mainjob.sh
. /mnt/x/mainjob.sh

status_says() { pod_exec status | grep -E "$1"; }
on_stdout() { grep -E "\"$1\"" "$log"; }

pod_is auto # first: it may have to start containerd
systemctl disable -q --now rsyslog.service syslog.socket
dpkg --purge --force-depends rsyslog >/dev/null 2>&1
rm /usr/bin/apt-get /usr/bin/apt /usr/bin/dpkg
mount --bind /usr /usr
mount -o remount,ro,bind /usr
must_not "/usr cannot be written" touch /usr/here
must "install finds that auditd cannot be had, and leaves it at that" pod_install
cat /mnt/x/install.log
must "the agent starts" pod_start
cat /tmp/must.log
eventually 40 "ready" pod_ready
/bin/echo unchangeable >/dev/null
eventually 20 "an event is on standard output" on_stdout unchangeable
sed -n '$p' /tmp/must.log
must "status" pod_exec status
cat /tmp/must.log
must "it says which mode was chosen, and why" status_says 'mode: auto, and there is no auditd'
eventually 20 "and that events leave the node" status_says 'way out +no problem seen'
must "the agent ends" pod_stop
