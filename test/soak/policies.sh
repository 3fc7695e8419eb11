# shellcheck shell=dash disable=SC2154 # settings and functions of run.sh
# Sourced by run.sh: a policy of its own every minute. The rules that record the load are in each of them, in one of two forms; around them others come, go and
# change places, and the plugins' volume changes too.

# policy_rules NUMBER: the rules of a policy, as a function of seed and number. Rule soak-policy-NUMBER marks it.
policy_rules() {
  awk -v seed="$seed" -v number="$1" 'BEGIN {
    srand(seed % 1000000 * 1000 + number)
    print "-D\n-b 8192\n-f 1\n--backlog_wait_time " (rand() < 0.5 ? 0 : 15000)
    wide = rand() < 0.5
    load[0] = "-a always,exit -F arch=b64 -S " (wide ? "execve,execveat" : "execve") " -F key=procmon"
    load[1] = "-a always,exit -F arch=b64 -S " (wide ? "open,openat" : "openat") " -F dir=/srv/col/opened -F key=opens"
    load[2] = "-a always,exit -F arch=b64 -S connect -F a2=16 -F key=connects"
    n = int(rand() * 60)
    for (i = 0; i < n; i++) {
      k = int(rand() * 4)
      id = int(rand() * 200)
      if (k == 0) other[i] = "-w /etc/soak-" id " -p wa -k watch-" id
      else if (k == 1) other[i] = "-a always,exit -F arch=b64 -S " (rand() < 0.5 ? "ptrace" : "bpf") " -F a1=" (100000 + id) " -F key=a-" id
      else if (k == 2) other[i] = "-a always,exit -F arch=b64 -S mount,umount2 -F auid=" (5000 + id) " -F key=mounts-" id
      else other[i] = "-a never,exit -F arch=b64 -S adjtimex -F auid=" (6000 + id) " -F key=n-" id
      if (other[i] in seen) { i--; n--; continue }
      seen[other[i]] = 1
    }
    at[0] = int(rand() * (n + 1)); at[1] = int(rand() * (n + 1)); at[2] = int(rand() * (n + 1))
    for (i = 0; i <= n; i++) {
      for (j = 0; j < 3; j++) if (at[j] == i) print load[j]
      if (i < n) print other[i]
    }
    print "-w /etc/soak-marker-" number " -p w -k soak-policy-" number
  }'
}

# policy_plugins NUMBER FOLDER: the plugins' volume; its events.yaml changes with every third policy, its auditd.conf with every fifth.
policy_plugins() {
  cat >"$2/aks-auditd.conf" <<CONF
active = yes
direction = out
path = /usr/local/lib/aks-auditd/aks-auditd
type = always
args = plugin
format = string
CONF
  cat >"$2/events.yaml" <<CONF
to: syslog:tcp://127.0.0.1:5140
nodeName: node-$(($1 / 3 % 2))
filters:
  - drop: { key: nothing-has-$(($1 / 3)) }
CONF
  cat >"$2/auditd.conf" <<CONF
log_file = /var/log/audit/audit.log
log_group = root
log_format = $([ $(($1 / 5 % 2)) = 0 ] && echo ENRICHED || echo RAW)
flush = INCREMENTAL_ASYNC
freq = $((50 + $1 / 5 % 2))
max_log_file = 2000
max_log_file_action = IGNORE
space_left = 2
space_left_action = IGNORE
admin_space_left = 1
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
q_depth = 20000
plugin_dir = /etc/audit/plugins.d
CONF
}

# change_policy NUMBER: puts it into both volumes, the plugins' first.
change_policy() {
  exec 9>/run/soak-volumes
  flock 9
  rm -rf /run/soak-rules /run/soak-plugins
  mkdir /run/soak-rules /run/soak-plugins
  policy_plugins "$1" /run/soak-plugins
  policy_rules "$1" >/run/soak-rules/10-soak.rules
  if [ $(($1 % 3)) = 0 ] || [ $(($1 % 5)) = 0 ]; then config_map /srv/vol/plugins /run/soak-plugins; fi
  config_map /srv/vol/rules /run/soak-rules
  echo "$1" >/run/soak-policy
  exec 9>&-
}

applied() { auditctl -l >/run/soak-listed; grep -q "soak-policy-$1\$" /run/soak-listed && [ "$(wc -l </run/soak-listed)" = "$(grep -c '^-[aw]' /run/soak-rules/10-soak.rules)" ]; }

# policies: one a minute; a line for each with its number, when it was put down, and how many milliseconds later the kernel had it (- when it never had).
policies() {
  number=0
  while [ "$(now_ms)" -lt "$end" ]; do
    number=$((number + 1))
    change_policy $number
    since=$(now_ms)
    took=-
    while [ $(($(now_ms) - since)) -lt 55000 ]; do
      if applied $number; then took=$(($(now_ms) - since)); break; fi
      sleep 1
    done
    echo "$since $number $took $(grep -c '^-[aw]' /run/soak-rules/10-soak.rules)"
    left=$((60000 - ($(now_ms) - since)))
    [ $left -le 0 ] || sleep "$((left / 1000)).$(printf %03d $((left % 1000)))"
  done
}
