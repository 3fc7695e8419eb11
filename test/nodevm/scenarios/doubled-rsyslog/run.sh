#!/bin/sh
# A node as Azure Linux has it: rsyslog reads the journal and the socket, and journald forwards to the socket. What the audit daemon's syslog plugin says
# arrives twice where Container Insights collects; what our own plugin sends there itself, once. (journald hears the kernel's audit too, and rsyslog takes that from
# the journal: a third copy, of facility auth, <37>, which the data collection rule must not collect.)
# shellcheck source=../../guest.sh
. /mnt/x/guest.sh
# shellcheck source=../../agent.sh
. /mnt/x/agent.sh
# shellcheck source=../../pod.sh
. /mnt/x/pod.sh
# shellcheck source=../../mainjob.sh
. /mnt/x/mainjob.sh

arrived_times() { same "$(grep -acE "$1" $collected)" "$2"; }

# Debian's journald forwards, and its rsyslog reads the socket already.
echo 'module(load="imjournal" StateFile="imjournal.state")' >/etc/rsyslog.d/00-journal.conf
pod_is raw
container_insights
must "install" pod_install
must "the agent starts, with auditd's syslog plugin" pod_start
eventually 30 "in sync" pod_status
must "status" pod_exec status
cat /tmp/must.log
eventually 10 "the syslog plugin runs" plugin_runs_with LOG_LOCAL6
/bin/echo doubled >/dev/null
eventually 20 "the record of a program arrives twice" arrived_times '^<182>.*type=EXECVE .*a1="doubled"' 2
grep -a 'a1="doubled"' $collected
must "the agent ends" pod_stop

pod_is direct
must "the agent starts, with our own plugin" pod_start
eventually 30 "in sync" pod_status
eventually 20 "our own plugin runs" pgrep -f 'aks-auditd plugin'
eventually 20 "auditd's is gone" sh -c '! pgrep -x audisp-syslog'
/bin/echo once >/dev/null
eventually 20 "the event arrives" grep -aE '^<182>.*"once"' $collected
sleep 5
must "once" arrived_times '^<182>.*"once"' 1
grep -a '"once"' $collected
must "as RFC 3164" grep -aE '^<182>[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} node1 [^ ]+: \{.*"once"' $collected
must "the agent ends" pod_stop
