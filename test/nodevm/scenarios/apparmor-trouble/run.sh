#!/bin/sh
# Profiles that do not let the agent work: each time somebody says so, with errno and the profile's name, and the agent goes on when the profile is mended.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh
# shellcheck source=../../pod.sh
. /mnt/x/pod.sh
# shellcheck source=../../mainjob.sh
. /mnt/x/mainjob.sh

# load [SED-COMMAND]: our own profile, changed, under its own name. A running process has the changed one at once.
load() { sed "${1:-}" /mnt/x/apparmor/aks-auditd | apparmor_parser --replace --skip-cache; }
says() { grep -E "$1" "$log"; }
said() { sed -n "\$p" /tmp/must.log | cut -c1-400; }

must "AppArmor enforces on this node" same "$lsm" apparmor
pod_is own
must "install" pod_install

must_not "a profile that is not loaded: the container does not start" pod_start
cat /tmp/must.log
must "the runtime says so" grep -i apparmor "$log"

printf 'profile aks-auditd { }\n' | apparmor_parser --replace --skip-cache
pod_start
eventually 10 "a profile that denies everything: the container ends at once" has_ended "$agent"
must "its log says why" grep -iE 'permission denied|cannot open shared object file' "$log"
cat /tmp/must.log
runtime delete --force "$(head -n 1 "$pod/agent.id")"

# trouble WHAT SED-COMMAND WORDS: the agent under the changed profile is not ready and says WORDS; the right profile heals it.
trouble() {
  say "== $1"
  : >"$log"
  rm -f /etc/audit/plugins.d/syslog.conf # so that auditd has to be told
  must "the changed profile is loaded" load "$2"
  must "the agent starts" pod_start
  eventually 40 "it says which profile" says "$3"
  said
  must_not "it is not ready" pod_ready
  cat /tmp/must.log
  must "the right profile is loaded" load
  eventually 90 "it heals" pod_ready
  must "the rule is in the kernel" kernel_has "$process_rule"
  pod_stop
  auditctl -D >/dev/null
  rm -rf /etc/audit/rules.d/* /var/lib/aks-auditd/*
}
trouble "no audit_control" '/capability audit_control/d' 'not in sync.*E(PERM|ACCES).*aks-auditd'
trouble "no systemctl" 's/systemctl,//' 'not in sync.*E(PERM|ACCES).*aks-auditd'
trouble "/etc/audit cannot be written" 's#^  /node/etc/audit/.*#  /node/etc/audit/{,**} r,#' 'not in sync.*E(PERM|ACCES).*aks-auditd'
