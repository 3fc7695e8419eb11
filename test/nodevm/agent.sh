# shellcheck shell=dash
# Sourced by a scenario after guest.sh: the agent on the node itself, with volumes as the kubelet puts them down.
export PATH=$PATH:/usr/local/bin
export AA_HOST_ROOT=/ AA_RULES_SOURCE=/srv/rules AA_PLUGINS_SOURCE=/srv/plugins AA_LISTEN=127.0.0.1:9807 AA_POLL_INTERVAL=5s
log=/mnt/x/agent.log

# config_map VOLUME FOLDER: the next version of a volume, by renaming its link.
config_map() {
  version=..$(date +%Y_%m_%d_%H_%M_%S.%N)
  mkdir -p "$1"
  cp -r "$2" "$1/$version"
  old=$(readlink "$1/..data")
  ln -s "$version" "$1/..data_tmp"
  mv -T "$1/..data_tmp" "$1/..data"
  for f in "$2"/*; do ln -sf "..data/${f##*/}" "$1/"; done
  [ -z "$old" ] || rm -rf "${1:?}/$old"
}

# rules NAME LINE…: a policy of one file.
rules() { rm -rf /tmp/rules; mkdir /tmp/rules; name=$1; shift; printf '%s\n' "$@" >/tmp/rules/"$name"; config_map /srv/rules /tmp/rules; }

# syslog_plugin FACILITY
syslog_plugin() {
  rm -rf /tmp/plugins; mkdir /tmp/plugins
  printf 'active = yes\ndirection = out\npath = /sbin/audisp-syslog\ntype = always\nargs = LOG_INFO %s\nformat = string\n' "$1" >/tmp/plugins/syslog.conf
  config_map /srv/plugins /tmp/plugins
}

start_agent() { setsid aks-auditd run >>"$log" 2>&1 & agent=$!; }
stop_agent() { kill "$agent"; wait "$agent"; }
kernel_has() { auditctl -l | grep -qxF -- "$1"; }
in_sync() { aks-auditd status; }
auditd_pid() { systemctl show -P MainPID auditd; }

# fails_with STATUS WORDS COMMAND…: it ends so, and says so.
fails_with() {
  wanted=$1 words=$2; shift 2
  "$@" >/tmp/fails.log 2>&1
  got=$?
  cat /tmp/fails.log
  [ $got = "$wanted" ] || { echo "exit status $got, not $wanted"; return 1; }
  grep -qE -- "$words" /tmp/fails.log || { echo "does not say: $words"; return 1; }
}

# node_as_it_is FILE: what a diff of before and after is made of.
node_as_it_is() {
  {
    find /etc /usr/local /usr/lib/systemd /usr/sbin /var/lib/aks-auditd -printf '%p %y %m %u:%g %l\n' 2>/dev/null | sort
    find /etc /usr/local -type f -exec sha256sum {} + | sort -k 2
    # shellcheck disable=SC2016 # for dpkg
    dpkg-query -W -f '${db:Status-Status} ${binary:Package} ${Version}\n'
  } >"$1"
}

# as_before FILE: the node is as node_as_it_is found it. What dpkg and the linker keep of their own is no configuration.
as_before() { node_as_it_is /tmp/after; diff "$1" /tmp/after | grep '^[<>]' | grep -vE ' ?/etc/(ld\.so\.cache|\.pwd\.lock)( |$)| /etc /|^[<>] [0-9a-f]{64}  /etc/ld\.so\.cache$' >/tmp/left; cat /tmp/left; [ ! -s /tmp/left ]; }

# has_been_audited: an agent has had a policy on the node, and has ended.
has_been_audited() {
  rules 10-exec.rules -D '-b 4096' '-f 0' '-a always,exit -F arch=b64 -S execve -F key=exec'
  syslog_plugin LOG_LOCAL6
  start_agent
  eventually 20 "the policy is in the kernel" kernel_has '-a always,exit -F arch=b64 -S execve -F key=exec'
  eventually 20 "in sync" in_sync
  must_not "uninstall waits for the agent" timeout 3 aks-auditd uninstall
  stop_agent
}
