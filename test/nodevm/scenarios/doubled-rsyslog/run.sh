#!/bin/sh
# A node as Azure Linux has it: rsyslog reads the journal and the socket, and journald forwards to the socket. What the audit daemon's syslog plugin says
# arrives twice where Container Insights collects; what our own plugin sends there itself, once.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh
# shellcheck source=../../pod.sh
. /mnt/x/pod.sh
# shellcheck source=../../mainjob.sh
. /mnt/x/mainjob.sh

arrived_times() { same "$(grep -acE "$1" $collected)" "$2"; }

# Debian's journald forwards, and its rsyslog reads the socket already.
echo 'module(load="imjournal" StateFile="imjournal.state")' >/etc/rsyslog.d/00-journal.conf
pod_is raw
container_insights
