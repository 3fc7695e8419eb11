# shellcheck shell=dash disable=SC2154 # net, pod and agent are pod.sh's
# Sourced by a scenario after pod.sh: the whole of the agent's work under one confinement, from the ConfigMap to what Container Insights would collect.
collected=/var/log/collected # not /mnt/x: rsyslog's profile or label may matter

# container_insights: after pod_is: what the addon sets up on a node: somebody who listens on 28330, and rsyslog's rule that forwards everything there.
container_insights() {
  (cd / && exec setsid "$net" collect 28330 $collected </dev/null >/dev/null 2>&1) &
  cat >/etc/rsyslog.d/70-container-insights.conf <<'END_OF_RULE'
template(name="forward" type="string" string="<%PRI%>%TIMESTAMP% %HOSTNAME% %syslogtag%%msg%")
*.* action(type="omfwd" template="forward" queue.type="LinkedList" queue.size="10000" target="127.0.0.1" port="28330" protocol="tcp")
END_OF_RULE
  systemctl restart rsyslog
}

process_rule='-a always,exit -F arch=b64 -S execve,execveat -F key=procmon'
hosts_rule='-w /etc/hosts -p wa -k hosts'
plugin_runs_with() { pgrep -f "audisp-syslog LOG_INFO $1"; }
# arrived PRIORITY WORD: the record of /bin/echo WORD is at 28330. <182> is local6.info, <174> local5.info.
arrived() { grep -aE "^<$1>.*type=EXECVE .*a1=\"$2\"" $collected; }
# denials CONFINEMENT: what it denied since the agent started.
denials() { tail -n "+$first_line" /var/log/audit/audit.log | grep -E 'apparmor="DENIED"|avc: +denied' | grep -E "profile=\"${1%% (*}\"|scontext=$1"; }

# main_job POD CONFINEMENT: on a node that install made ready: policy, event at 28330, changed policy, changed plugin, rules taken away, idle polls.
main_job() {
  say "== $1: the agent confined by $2"
  pod_is "$1"
  first_line=$(($(wc -l </var/log/audit/audit.log) + 1))
  must "the agent starts" pod_start
  cat /tmp/must.log
  must "it is confined by $2" same "$(confinement_of "$agent")" "$2"
  eventually 30 "the ConfigMap's rule is in the kernel" kernel_has "$process_rule"
  eventually 20 "in sync" pod_status
  must "ready" pod_ready
  eventually 10 "the syslog plugin runs" plugin_runs_with LOG_LOCAL6
  /bin/echo "$1-first" >/dev/null
  eventually 10 "the event is at 28330" arrived 182 "$1-first"

  cp -r "$pod/configmaps/rules" /tmp/new-rules
  printf '%s\n' "$hosts_rule" >/tmp/new-rules/50-hosts.rules
  pod_volume rules /tmp/new-rules
  eventually 20 "a changed policy is in the kernel" kernel_has "$hosts_rule"

  cp -r "$pod/configmaps/plugins" /tmp/new-plugins
  sed -i 's/LOG_LOCAL6/LOG_LOCAL5/' /tmp/new-plugins/syslog.conf
  pod_volume plugins /tmp/new-plugins
  eventually 20 "a changed plugin runs with its new arguments" plugin_runs_with LOG_LOCAL5
  /bin/echo "$1-second" >/dev/null
  eventually 10 "the event is at 28330, with them" arrived 174 "$1-second"

  auditctl -D >/dev/null
  eventually 20 "rules that somebody took away are back" kernel_has "$process_rule"
  eventually 20 "in sync" pod_status
  sleep 2
  must "20 idle polls add no record to the audit log" same "$("$net" appended /var/log/audit/audit.log 22 | grep -v '^type=PROCTITLE')" ""
  # containerd's profile lets a container read the stat of its own processes alone, so that is not demanded of it.
  if [ "$2" = 'cri-containerd.apparmor.d (enforce)' ]; then
    say "denied by it: $(denials "$2" | grep -oE 'operation="[^"]*"|(requested|denied)_mask="[^"]*"' | paste -d' ' - - - | sort | uniq -c | tr -s ' \n' ' ')"
  else
    must_not "nothing was denied" denials "$2"
  fi
  rm -r /tmp/new-rules /tmp/new-plugins

  must "the agent ends" pod_stop
}

install_node() { must "install" pod_install; must "auditd runs" systemctl is-active auditd; }
uninstall_node() { must "uninstall" pod_uninstall; must "no rule is left" same "$(auditctl -l)" "No rules"; }
