#!/bin/sh
# The node of test/soak.sh: agent, auditd with our plugin, and events beside them, under load for hours, with a policy change a minute and a fault every few
# minutes. What was seen is written to /mnt/x; account.sh says at the end what it comes to. Settings: seconds, seed, execs (a second).
# shellcheck source=../nodevm/guest.sh
. /mnt/x/guest.sh
# shellcheck source=../nodevm/agent.sh
. /mnt/x/agent.sh
# shellcheck source=policies.sh
. /mnt/x/policies.sh
# shellcheck source=faults.sh
. /mnt/x/faults.sh
# shellcheck disable=SC1091 # written by soak.sh
. /mnt/x/settings
: "${seconds:?}" "${seed:?}" "${execs:?}"

# Where the kubelet mounts the ConfigMaps; not on the node's disk, which a fault fills.
export AA_RULES_SOURCE=/srv/vol/rules AA_PLUGINS_SOURCE=/srv/vol/plugins

# Stands for the world outside of the node: what leaves the node arrives here, and no fault of the node's disk touches it.
collector=/srv/col
now_ms() { read -r up _ </proc/uptime; echo "${up%.*}${up#*.}0"; }

pid_of() {
  case $1 in
    agent | events) systemctl show -P MainPID "soak-$1" ;;
    plugin) pgrep -P "$(systemctl show -P MainPID auditd)" -x aks-auditd ;;
    *) systemctl show -P MainPID "$1" ;;
  esac
}

# The units stand for the kubelet: they start again what ends.
start_unit() { # NAME ARGUMENT…
  unit=soak-$1; shift
  systemd-run --quiet --unit="$unit" -p Restart=always -p RestartSec=1 -p StartLimitIntervalSec=0 -p OOMScoreAdjust=-900 \
    -p StandardOutput="append:/mnt/x/$unit.log" -p StandardError="append:/mnt/x/$unit.log" \
    -E AA_HOST_ROOT=/ -E AA_RULES_SOURCE=/srv/vol/rules -E AA_PLUGINS_SOURCE=/srv/vol/plugins -E AA_LISTEN=127.0.0.1:9807 -E AA_POLL_INTERVAL=5s \
    /usr/local/bin/aks-auditd "$@"
}

prepare() {
  # journald would copy every record into the journal, and that into syslog.
  systemctl mask --now --quiet systemd-journald-audit.socket
  systemctl restart systemd-journald
  mkdir -p $collector /srv/vol /srv/soak /var/log/containers
  mount -t tmpfs -o size=900M tmpfs $collector
  mount -t tmpfs -o size=50M tmpfs /srv/vol
  mkdir $collector/opened
  cp /mnt/x/load /mnt/x/nothing /srv/soak/
  cat >/etc/rsyslog.d/10-soak.conf <<CONF
module(load="imtcp")
template(name="message" type="string" string="%msg:::drop-last-lf%\n")
ruleset(name="soak") { action(type="omfile" file="$collector/plugin.json" template="message") }
input(type="imtcp" port="5140" address="127.0.0.1" ruleset="soak")
CONF
  systemctl restart rsyslog
}

# sample: a line for each program (milliseconds, name, pid, resident kB, descriptors, threads), one for the kernel, one for each zombie, and the plugin's report.
sample() {
  at=$(now_ms)
  for name in agent auditd plugin events rsyslog; do
    pid=$(pid_of $name)
    [ -d "/proc/${pid:-0}/fd" ] || continue
    # What they are, to be asked when their number grows.
    echo "$at $name $pid $(find "/proc/$pid/fd" -type l -printf '%l\n' 2>/dev/null | sed 's/:\[[0-9]*\]//' | sort | uniq -c | awk '{ printf "%s*%s ", $1, $2 }')" >>/mnt/x/descriptors.log
    # shellcheck disable=SC2012 # the names are numbers
    echo "$at $name $pid $(awk '/^VmRSS/ { m = $2 } /^Threads/ { t = $2 } END { printf "%d %d", m, t }' "/proc/$pid/status") $(ls "/proc/$pid/fd" 2>/dev/null | wc -l)"
  done
  auditctl -s | awk -v at="$at" '{ v[$1] = $2 } END { print at, "kernel", v["lost"], v["backlog"], v["backlog_wait_time_actual"], v["pid"], v["enabled"] }'
  ps -eo stat=,pid=,comm= | awk -v at="$at" '/^Z/ { print at, "zombie", $2, $3 }'
  [ ! -f /run/aks-auditd/events.json ] || { printf '%s report ' "$at"; tr -d '\n' </run/aks-auditd/events.json; echo; }
}

# containers: one is started every twenty seconds, lives five, and runs a program with a number; as containerd and the kubelet name things.
containers() {
  top=/sys/fs/cgroup/kubepods.slice/kubepods-burstable.slice
  n=0
  while [ -e /run/soak-goes-on ]; do
    n=$((n + 1))
    uid=$(cat /proc/sys/kernel/random/uuid)
    id=$(printf '%s%s' "$(cat /proc/sys/kernel/random/uuid)" "$(cat /proc/sys/kernel/random/uuid)" | tr -d -)
    group=$top/kubepods-burstable-pod$(echo "$uid" | tr - _).slice/cri-containerd-$id.scope
    mkdir -p "$group" "/var/log/pods/team_soak-${n}_$uid/app"
    # The link is there before or, as on a busy node, after the first program.
    link() { ln -sf "/var/log/pods/team_soak-${n}_$uid/app/0.log" "/var/log/containers/soak-${n}_team_app-$id.log"; }
    [ $((n % 2)) = 0 ] || link
    echo "p $n $(now_ms)" >>$collector/pods.log
    sh -c 'echo $$ >"$1/cgroup.procs" && "$2" "p-$3"; sleep 5' sh "$group" /srv/soak/nothing $n &
    started=$!
    sleep 0.3
    link
    wait $started
    rmdir "$group" "${group%/*}"
    rm -rf "/var/log/containers/soak-${n}_team_app-$id.log" "/var/log/pods/team_soak-${n}_$uid"
    sleep 14
  done
}

# What is there when all is at rest: names of files that ours or auditd may have made.
files() { find /etc/audit /var/lib/aks-auditd /run/aks-auditd /usr/local/lib/aks-auditd /etc/systemd/system /srv/vol -maxdepth 3 ! -name '..20*' ! -path '*/..20*' -printf '%p %y %m\n' | sort; }
well() { [ -n "$(pid_of agent)" ] && pgrep -x rsyslogd && [ -n "$(pid_of plugin)" ] && systemctl is-active --quiet soak-agent soak-events auditd rsyslog && aks-auditd status; }
# shellcheck disable=SC2317 # called by eventually
drained() { [ -z "$(find /var/lib/aks-auditd/spool /srv/soak/spool -name '*.spool' -size +0 2>/dev/null)" ]; }

prepare
must "install" aks-auditd install
change_policy 0
start_unit agent run
printf 'to: file:%s/events.json?size=400MiB\nspool: { directory: /srv/soak/spool }\n' $collector >/srv/soak/events.yaml
start_unit events events --from kernel --config /srv/soak/events.yaml
eventually 60 "the node is as its policy says, and everything runs" well
sleep 6
sample >/dev/null
files >/mnt/x/files.before
touch /run/soak-goes-on
end=$(($(now_ms) + seconds * 1000))
/srv/soak/load /srv/soak/nothing "$execs" $collector/load.log & load=$!
containers & containers=$!
(while [ -e /run/soak-goes-on ]; do sample; sleep 15; done) >/mnt/x/samples.log & samples=$!
policies >/mnt/x/policies.log 2>&1 & policies=$!
faults "$end" >/mnt/x/faults.log 2>/mnt/x/faults.err
wait $policies
# Some time without faults: what is still on its way arrives.
sleep 20
kill $load
rm /run/soak-goes-on
wait $load $containers $samples
bad=0
(eventually 120 "at the end the node is as its last policy says, and everything runs" well) || bad=1
(eventually 60 "at the end no spool holds anything" drained) || bad=1
sleep 5
aks-auditd status >/mnt/x/status.txt
sample >/mnt/x/samples.last
files >/mnt/x/files.after
dmesg >/mnt/x/dmesg.log
sh /mnt/x/account.sh || bad=1
exit $bad
