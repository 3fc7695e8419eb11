#!/bin/sh
# A bare node is given back as it was: files, units, packages, kernel.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh
node_as_it_is /tmp/bare
must "install" aks-auditd install
cp /sbin/auditctl /usr/lib/x86_64-linux-gnu/libauparse.so.0 /root/
must_not "no rules on a fresh node" sh -c "auditctl -l | grep ^-"
has_been_audited
must "uninstall --packages" aks-auditd uninstall --packages
cat /tmp/must.log
must "the bare node is as it was" as_before /tmp/bare
must_not "auditd is gone" pgrep -x auditd
must "the audit logs stay" grep -q 'key="exec"' /var/log/audit/audit.log
must "under their own name alone" test ! -e /var/log/audit.kept-by-aks-auditd
must "and so are the rules" same "$(LD_LIBRARY_PATH=/root /root/auditctl -l)" "No rules"
must "control values are the boot's" sh -c 'LD_LIBRARY_PATH=/root /root/auditctl -s | grep -qx "backlog_limit 64" && LD_LIBRARY_PATH=/root /root/auditctl -s | grep -qx "failure 1"'
must "nothing to uninstall is fine, and no more is claimed" sh -c 'aks-auditd uninstall >/tmp/nothing.log 2>&1 && grep -q "nothing to give back" /tmp/nothing.log'
