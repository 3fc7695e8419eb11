#!/bin/sh
# Nodes from which no event would leave: there is no rsyslog, it does not forward, nobody listens. Such a node is not silently ready: status, the readiness
# probe's answer and the metrics say what is missing, and stop saying so when it is there.
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh
# shellcheck source=../../pod.sh
. /mnt/x/pod.sh
# shellcheck source=../../mainjob.sh
. /mnt/x/mainjob.sh

# told WORDS: by status, and in the answer to the readiness probe.
told() { pod_exec status >/tmp/status; pod_get /readyz >/tmp/readyz; grep -iE "$1" /tmp/status && grep -iE "$1" /tmp/readyz; }
missing() { eventually 40 "$1 is told" told "$2"; cat /tmp/must.log; pod_get /metrics | grep -E '^aks_auditd_(delivery|syslog)'; }
nothing_missing() { pod_status && pod_ready && ! pod_exec status | grep -iE 'no rsyslog|28330.*(no|nobody)'; }

pod_is default
must "install" pod_install
must "the agent starts" pod_start
eventually 30 "the rule is in the kernel" kernel_has "$process_rule"
missing "no forward rule" '28330'
container_insights
eventually 40 "with a forward rule and a listener nothing is missing" nothing_missing
pod_get /metrics | grep -E '^aks_auditd_(delivery|syslog)'
kill "$(pgrep -f 'net collect')"
missing "nobody on 28330" '28330'
systemctl disable -q --now rsyslog.service syslog.socket
dpkg --purge --force-depends rsyslog >/dev/null 2>&1
missing "no rsyslog" 'rsyslog'
must "the agent ends" pod_stop
