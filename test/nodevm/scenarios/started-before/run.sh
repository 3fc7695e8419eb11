#!/bin/sh
# A program that is older than the first time since the boot that audit was on has no audit context: the kernel records no call of its own, ever, but
# those of the programs it starts. Debian's journald does not turn audit on; so installing auditd leaves out what runs, and a reboot, after which auditd
# comes early, takes it in. rsyslogd is the program: it opens its files anew when it is told to, by a call of its own.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh

recorded() { ausearch -i -ts boot -k "$1" 2>&1 | grep "type=SYSCALL.* comm=$2 "; }
syslog_pid() { systemctl show -P MainPID rsyslog; }
have_it_open_files() { systemctl kill -s HUP rsyslog && sleep 0.5 && logger something; }

names_rsyslogd() { aks-auditd status | grep 'older than audit, which is on since .*rsyslogd'; }

case $BOOT in
1)
  eventually 10 "syslog runs" systemctl is-active rsyslog
  must "auditd is installed, and turns audit on" apt-get install -y -qq auditd
  ;;
2) must "auditd runs, from early in the boot" systemctl is-active auditd ;;
esac

must "a rule" auditctl -a always,exit -F arch=b64 -S openat -F pid="$(syslog_pid)" -k itself
must "a rule" auditctl -w /etc/watched -p wa -k newer
must "rsyslogd opens its files" have_it_open_files
touch /etc/watched
eventually 10 "what a newer program does is recorded" recorded newer touch
rules 10-exec.rules '-a always,exit -F arch=b64 -S execve -k exec'
syslog_plugin LOG_LOCAL6
start_agent
eventually 20 "in sync" in_sync
if [ "$BOOT" = 1 ]; then
  sleep 2
  must_not "what one does that is older than audit is not" recorded itself rs:main
  must_not "nor by another of its threads" recorded itself rsyslogd
  must "the agent names it" names_rsyslogd
  boot_again
else
  eventually 10 "what rsyslogd does is recorded" recorded itself 'rs:main'
  must "audit is known to have been on from a moment" grep -q '"auditStart"' /var/lib/aks-auditd/state.json
  must_not "the agent does not name it" names_rsyslogd
  aks-auditd status
fi
stop_agent
