#!/bin/sh
# A node is given back as it was: files, units, packages, kernel. First one that was bare, then one that had an auditd of its own.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh
exec_rule='-a always,exit -F arch=b64 -S execve -F key=exec'
own_rule='-w /etc/hosts -p wa -k own'

# What dpkg and the linker keep of their own is no configuration.
as_before() { node_as_it_is /tmp/after; diff "$1" /tmp/after | grep '^[<>]' | grep -vE ' ?/etc/(ld\.so\.cache|\.pwd\.lock)( |$)| /etc /|^[<>] [0-9a-f]{64}  /etc/ld\.so\.cache$' >/tmp/left; cat /tmp/left; [ ! -s /tmp/left ]; }
audited() {
  rules 10-exec.rules -D '-b 4096' '-f 0' "$exec_rule"
  syslog_plugin LOG_LOCAL6
  start_agent
  eventually 20 "the policy is in the kernel" kernel_has "$exec_rule"
  eventually 20 "in sync" in_sync
  must_not "uninstall waits for the agent" timeout 3 aks-auditd uninstall
  stop_agent
}

node_as_it_is /tmp/bare
must "install" aks-auditd install
cp /sbin/auditctl /usr/lib/x86_64-linux-gnu/libauparse.so.0 /root/
must_not "no rules on a fresh node" sh -c "auditctl -l | grep ^-"
audited
must "uninstall --packages" aks-auditd uninstall --packages
cat /tmp/must.log
must "the bare node is as it was" as_before /tmp/bare
must_not "auditd is gone" pgrep -x auditd
must "the audit logs stay" grep -q 'key="exec"' /var/log/audit/audit.log
must "under their own name alone" test ! -e /var/log/audit.kept-by-aks-auditd
must "and so are the rules" same "$(LD_LIBRARY_PATH=/root /root/auditctl -l)" "No rules"
must "control values are the boot's" sh -c 'LD_LIBRARY_PATH=/root /root/auditctl -s | grep -qx "backlog_limit 64" && LD_LIBRARY_PATH=/root /root/auditctl -s | grep -qx "failure 1"'
must "nothing to uninstall is fine, and no more is claimed" sh -c 'aks-auditd uninstall >/tmp/nothing.log 2>&1 && grep -q "nothing to give back" /tmp/nothing.log'

must "an administrator installs auditd" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq auditd
printf '%s\n' -D '-b 1024' "$own_rule" >/etc/audit/rules.d/audit.rules
chmod 0600 /etc/audit/rules.d/audit.rules
must "with a rule of his own" augenrules --load
must "which is there" kernel_has "$own_rule"
auditctl -s | grep -vE '^(pid|lost|backlog) ' >/tmp/status
node_as_it_is /tmp/own
pid=$(auditd_pid)
must "install" aks-auditd install
audited
must_not "his rule is not there now" kernel_has "$own_rule"
# --stay answers when it is done.
aks-auditd uninstall --packages --stay >/mnt/x/stay.log 2>&1 &
stay=$!
eventually 30 "uninstall --stay is done" grep -q 'as it was before' /mnt/x/stay.log
must "and stays" kill "$stay"
# audispd-plugins was not there, and is gone again; auditd was.
must "the node is as it was" as_before /tmp/own
must "his auditd runs, the same process" same "$(auditd_pid)" "$pid"
must "his rule is back" same "$(auditctl -l)" "$own_rule"
must "control values are his" same "$(auditctl -s | grep -vE '^(pid|lost|backlog) ')" "$(cat /tmp/status)"
