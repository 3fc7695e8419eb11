#!/bin/sh
# A locked kernel (-e 2): nothing can be changed until the next boot, and that is what is said; the next boot has the new policy.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh
one='-a always,exit -F arch=b64 -S execve -F key=one'
two='-a always,exit -F arch=b64 -S execve -F key=two'
kernel_is_locked() { auditctl -s | grep -qx 'enabled 2'; }
reboot_required() { fails_with 1 'reboot required since 20' aks-auditd status; }

case $BOOT in
1)
  must "install" aks-auditd install
  rules 10.rules -D "$one"
  syslog_plugin LOG_LOCAL6
  start_agent
  eventually 20 "the rule is in the kernel" kernel_has "$one"
  auditctl -e 2 >/dev/null
  rules 10.rules -D "$two"
  eventually 20 "a reboot is asked for" reboot_required
  grep 'reboot required' "$log"
  must "the file is in place" grep -qF "key=two" /etc/audit/rules.d/10.rules
  must "the kernel has the old rule" kernel_has "$one"
  boot_again
  ;;
2)
  must "the new policy is there with the boot" kernel_has "$two"
  must_not "the old one is not" kernel_has "$one"
  start_agent
  eventually 20 "in sync" in_sync
  rules 10.rules -D "$one" "$two" '-e 2'
  eventually 20 "a policy that locks the kernel is loaded, and locks it" kernel_is_locked
  must "it is there whole" kernel_has "$one"
  eventually 20 "in sync, locked" in_sync
  stop_agent
  must "uninstall says what stays until the next boot" fails_with 1 'locked \(-e 2\).*until the next boot' aks-auditd uninstall
  must_not "our state is gone" test -e /var/lib/aks-auditd
  boot_again
  ;;
3)
  must "after the boot there are no rules" same "$(auditctl -l)" "No rules"
  must_not "auditd does not start: it did not before install" systemctl is-active auditd
  ;;
esac
