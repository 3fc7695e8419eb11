#!/bin/sh
# A node that had an auditd of its own, with rules and control values, is given back as it was.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh
own_rule='-w /etc/hosts -p wa -k own'

must "an administrator installs auditd" sh -c "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq auditd"
printf '%s\n' -D '-b 1024' "$own_rule" >/etc/audit/rules.d/audit.rules
chmod 0600 /etc/audit/rules.d/audit.rules
must "with a rule of his own" augenrules --load
must "which is there" kernel_has "$own_rule"
auditctl -s | grep -vE '^(pid|lost|backlog) ' >/tmp/status
node_as_it_is /tmp/own
pid=$(auditd_pid)
must "install" aks-auditd install
has_been_audited
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
