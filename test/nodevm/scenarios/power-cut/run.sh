#!/bin/sh
# Power is lost in the middle of applying: after the boot each file is whole, the old one or the new one, and the agent finishes the job.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh

# policy NAME: three files whose every line says which policy it is of.
policy() {
  mkdir -p "/srv/$1"
  for file in 10-a 20-b 30-c; do
    seq -f "-a always,exit -F arch=b64 -S execve -F a1=%g -F key=$1-$file" 1 40 >"/srv/$1/$file.rules"
  done
}
whole() { for f in 10-a 20-b 30-c; do cmp "/etc/audit/rules.d/$f.rules" "/srv/old/$f.rules" || cmp "/etc/audit/rules.d/$f.rules" "/srv/new/$f.rules" || return 1; done; }
kernel_is() { same "$(auditctl -l | grep -c "key=$1-")/$(auditctl -l | wc -l)" 120/120; }

# Swaps policies as fast as they are taken over, until power is lost so many seconds later.
# The volume begins anew: nobody syncs it, so that after a boot it may hold empty files, which the agent would rightly take for the policy.
cut_after() {
  rm -rf /srv/rules
  start_agent
  (while :; do config_map /srv/rules /srv/new; sleep 0.4; config_map /srv/rules /srv/old; sleep 0.4; done) &
  sleep "$1"
  lose_power
}

case $BOOT in
1)
  policy old; policy new; sync
  must "install" aks-auditd install
  config_map /srv/rules /srv/old
  syslog_plugin LOG_LOCAL6
  start_agent
  eventually 30 "the old policy is in the kernel" kernel_is old
  stop_agent
  cut_after 2.3
  ;;
2) must "every rules file is whole" whole; cut_after 3.1 ;;
*)
  must "every rules file is whole" whole
  must "nothing half written is left" sh -c '! ls -A /etc/audit/rules.d | grep -v "\.rules$" | grep -v aks-auditd-new'
  # Anew too: what was left between the two steps of a swap would be swapped in.
  rm -rf /srv/rules
  config_map /srv/rules /srv/new
  start_agent
  eventually 30 "the agent finishes the job" kernel_is new
  eventually 20 "and the files are the new ones" diff -r /srv/new /etc/audit/rules.d
  eventually 20 "in sync" in_sync
  must "what was half written is gone" diff -r /srv/new /etc/audit/rules.d
  stop_agent
  ;;
esac
