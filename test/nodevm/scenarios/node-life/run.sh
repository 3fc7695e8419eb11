#!/bin/sh
# A bare node becomes an audited one and stays so until it is given back: install, run, reboot, new rules, new plugin arguments, auditd killed, the kernel
# locked (-e 2), when nothing can be changed until the next boot, and that is what is said; uninstall.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh
exec_rule='-a always,exit -F arch=b64 -S execve -F key=exec'
id_rule='-w /etc/passwd -p wa -k identity'
seen() { grep -q "a1=\"$1\"" /var/log/audit/audit.log && grep -q "a1=\"$1\"" /var/log/syslog; }
changed_since() { find /etc /usr /boot /srv /root /var/lib -cnewer "$1" ! -path '/var/lib/aks-auditd*' ! -path '/var/lib/systemd/*' ! -type s; }
plugin_runs_with() { pgrep -f "audisp-syslog LOG_INFO $1"; }
kernel_is_locked() { auditctl -s | grep -qx 'enabled 2'; }
reboot_required() { fails_with 1 'reboot required since 20' aks-auditd status; }
all_in_log() { same "$(grep -o 'a1="during-[0-9]*"' /var/log/audit/audit.log | sort -u | wc -l)" 100; }

case $BOOT in
1)
  must_not "no auditd on a bare node" test -e /sbin/auditd
  must "install" aks-auditd install
  cat /tmp/must.log
  must "auditd runs" systemctl is-active auditd
  must "systemd keeps it running" same "$(systemctl show -P Restart auditd)" always
  must "the plugin binary is there" /usr/local/lib/aks-auditd/aks-auditd --version
  touch /tmp/marker; sleep 0.1
  must "install, again" aks-auditd install
  must "the second install changed nothing" same "$(changed_since /tmp/marker)" ""

  rules 10-exec.rules -D '-b 8192' "$exec_rule"
  syslog_plugin LOG_LOCAL6
  start_agent
  eventually 20 "the rule is in the kernel" kernel_has "$exec_rule"
  eventually 20 "in sync" in_sync
  eventually 10 "the syslog plugin runs" plugin_runs_with LOG_LOCAL6
  /bin/echo first-boot >/dev/null
  eventually 10 "the event is in the audit log and in syslog" seen first-boot
  must "rsyslogd, which audit came too late for, is named" sh -c "aks-auditd status | grep 'older than audit, .*rsyslogd'"
  boot_again
  ;;
2)
  must "auditd runs after the reboot" systemctl is-active auditd
  must "the rule is there before the agent is" kernel_has "$exec_rule"
  /bin/echo second-boot >/dev/null
  eventually 10 "and so are the events" seen second-boot
  start_agent
  eventually 20 "in sync" in_sync
  rules 10-exec.rules -D '-b 8192' "$exec_rule" "$id_rule"
  eventually 10 "a changed policy is in the kernel" kernel_has "$id_rule"

  before=$(auditd_pid)
  i=0; while [ $i -lt 100 ]; do i=$((i + 1)); /bin/echo during-$i >/dev/null; done &
  syslog_plugin LOG_LOCAL5
  eventually 20 "a changed plugin runs with its new arguments" plugin_runs_with LOG_LOCAL5
  must "auditd was not restarted for it" same "$(auditd_pid)" "$before"
  wait $!
  eventually 10 "no record was lost meanwhile" all_in_log
  must "the kernel says so too" sh -c 'auditctl -s | grep -qx "lost 0"'

  kill -9 "$before"
  eventually 15 "systemd restarts a killed auditd" sh -c "systemctl is-active auditd && [ \$(systemctl show -P MainPID auditd) != $before ]"
  must_not "which leaves the rules alone" grep '^type=CONFIG_CHANGE.*op=remove_rule' /var/log/audit/audit.log
  must "both rules are there" kernel_has "$id_rule"
  eventually 10 "in sync" in_sync
  must_not "after a reboot audit comes before rsyslogd" sh -c "aks-auditd status | grep 'older than audit, .*rsyslogd'"

  auditctl -e 2 >/dev/null
  rules 10-exec.rules -D "$id_rule"
  eventually 20 "the kernel is locked: a reboot is asked for" reboot_required
  must_not "the new file is in place, the old one gone" grep -qF execve /etc/audit/rules.d/10-exec.rules
  must "the kernel has the old rules" kernel_has "$exec_rule"
  stop_agent
  boot_again
  ;;
3)
  must "the new policy is there with the boot" kernel_has "$id_rule"
  must_not "the old one is not" kernel_has "$exec_rule"
  start_agent
  eventually 20 "in sync" in_sync
  rules 10-exec.rules -D "$exec_rule" "$id_rule" '-e 2'
  eventually 20 "a policy that locks the kernel is loaded, and locks it" kernel_is_locked
  must "it is there whole" kernel_has "$exec_rule"
  eventually 20 "in sync, locked" in_sync
  stop_agent
  must "uninstall says what stays until the next boot" fails_with 1 'locked \(-e 2\).*until the next boot' aks-auditd uninstall
  must_not "our state is gone" test -e /var/lib/aks-auditd
  boot_again
  ;;
4)
  must "after the boot there are no rules" same "$(auditctl -l)" "No rules"
  must_not "auditd does not start: it did not before install" systemctl is-active auditd
  ;;
esac
