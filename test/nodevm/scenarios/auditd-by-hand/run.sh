#!/bin/sh
# What an administrator would do by hand, without the agent: shows that the node is bare, that its package repository works offline, and that
# rules, plugin and reboots behave as on any machine. When this fails, look at the test bed, not at the agent.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
rule='-a always,exit -F arch=b64 -S execve -F key=exec'
seen() { grep -q "a1=\"$1\"" /var/log/audit/audit.log && grep -q "a1=\"$1\"" /var/log/syslog; }

case $BOOT in
1)
  must_not "no auditd on a bare node" test -e /sbin/auditd
  must "the package lists" apt-get update -qq
  must "auditd installs from the offline repository" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq auditd audispd-plugins
  must "auditd runs" systemctl is-active auditd
  echo "$rule" >/etc/audit/rules.d/50-exec.rules
  sed -i 's/^active = no/active = yes/' /etc/audit/plugins.d/syslog.conf
  must "auditd restarts" systemctl restart auditd
  must "the kernel has the rule" same "$(auditctl -l)" "$rule"
  /bin/echo first-boot >/dev/null
  eventually 10 "the event is in the audit log and in syslog" seen first-boot
  boot_again
  ;;
2)
  must "auditd runs after the reboot" systemctl is-active auditd
  must "the kernel has the rule after the reboot" same "$(auditctl -l)" "$rule"
  /bin/echo second-boot >/dev/null
  eventually 10 "the event is in the audit log and in syslog" seen second-boot
  ;;
esac
