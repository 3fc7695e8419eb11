#!/bin/sh
# The containers "agent" and "events" side by side, each under its own profile (deploy/apparmor): events are on standard output, and nothing is denied.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh
# shellcheck source=../../pod.sh
. /mnt/x/pod.sh
# shellcheck source=../../mainjob.sh
. /mnt/x/mainjob.sh

must "AppArmor enforces on this node" same "$lsm" apparmor
must "both profiles are loaded" apparmor_parser --replace /mnt/x/apparmor/aks-auditd /mnt/x/apparmor/aks-auditd-events
pod_is events
install_node
first_line=$(($(wc -l </var/log/audit/audit.log) + 1))
must "the agent starts" pod_start
cat /tmp/must.log
must "the events start" pod_events
cat /tmp/must.log
eventually 40 "the rule is in the kernel" kernel_has "$process_rule"
/bin/echo on-standard-output >/dev/null
eventually 20 "the event is on standard output" grep '"on-standard-output"' /mnt/x/events.log
cat /tmp/must.log
sleep 10
must_not "nothing was denied to the agent" denials aks-auditd
must_not "nothing was denied to the events" denials aks-auditd-events
must "the events end" end_container events
must "the agent ends" pod_stop
