# shellcheck shell=dash
# Sourced by a scenario after guest.sh and agent.sh: the agent as the chart runs it. Its containers are made from the rendered DaemonSet (pod/oci.mjs), with
# what containerd gives to a container that asks for nothing else (guest/containerd-defaults), and are run by runc, as containerd would.
root=/var/lib/pod-root
net=/var/lib/pod-net # not on the exchange disk: it may run until the node ends
log=/mnt/x/agent.log

# What enforces on this node: apparmor, selinux or nothing.
lsm=nothing
[ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" != Y ] || lsm=apparmor
[ "$(cat /sys/fs/selinux/enforce 2>/dev/null)" != 1 ] || lsm=selinux

# pod_is NAME: the pod of pods/NAME.yaml, from now on. Makes its volumes and its network namespace.
pod_is() {
  pod=/mnt/x/pods/$1
  volumes=$(cat "$pod/volumes")/kubernetes.io~configmap
  [ -d $root ] || cp -r /mnt/x/pods/root $root
  [ -e $net ] || cp /mnt/x/pods/net $net
  if [ ! -s /var/lib/containerd-defaults/seccomp.json ] || { [ $lsm = apparmor ] && ! profile_is_loaded cri-containerd.apparmor.d; }; then containerd-defaults; fi
  [ $lsm != selinux ] || chcon -R -t container_file_t $root
  if [ ! -e /run/netns/pod ]; then ip netns add pod; ip -n pod link set lo up; fi
  rm -rf "${volumes:?}"
  for map in "$pod"/configmaps/*; do config_map "$volumes/${map##*/}" "$map"; done
}
# profile_is_loaded NAME
profile_is_loaded() { grep -q "^$1 (" /sys/kernel/security/apparmor/profiles; }

# pod_volume VOLUME FOLDER: the ConfigMap is changed to FOLDER's files.
pod_volume() { config_map "$volumes/$1" "$2"; }

# Its warnings are about a cgroup that systemd removed first.
runtime() { mkdir -p /run/pod; runc --systemd-cgroup --log /run/pod/runc.log "$@"; }

# container NAME [OPTION…]: runs it. The lines of its configuration that depend on the node are put in here.
container() {
  name=$1; shift
  bundle=/run/pod/$name
  mkdir -p "$bundle"
  xargs mkdir -p <"$pod/$name.directories"
  { read -r id; read -r log_name; } <"$pod/$name.id"
  mkdir -p /var/log/containers
  ln -sf "$(tail -n 1 "$pod/$name.directories")/0.log" "/var/log/containers/$log_name"
  awk -v lsm=$lsm -v list=/var/lib/containerd-defaults/seccomp.json '
    /"apparmorProfile": / && (lsm != "apparmor" || /: ""/) { next }
    /"selinuxLabel": / && (lsm != "selinux" || /: ""/) { next }
    /"mountLabel": / { if (lsm == "selinux") print "  \"mountLabel\": \"system_u:object_r:container_file_t:s0\","; next }
    /"seccomp": "@default@"/ { getline text <list; print "  \"seccomp\": " text ","; next }
    /"seccomp": "@none@"/ { next }
    { print }' "$pod/$name.json" >"$bundle/config.json"
  runtime run --bundle "$bundle" "$@" "$id"
}

# confinement_of PID: the profile or the label that is on it.
confinement_of() { { tr -d '\0\n' <"/proc/$1/attr/current"; } 2>/dev/null || echo nothing; }

pod_install() { container install >>/mnt/x/install.log 2>&1 || { status=$?; tail -n 20 /mnt/x/install.log; return $status; }; }
pod_uninstall() {
  # It stays when it is done (--stay); the node is clean when it says so.
  rm -f /mnt/x/uninstall.log
  container uninstall --detach --pid-file /run/pod/uninstall.pid >/mnt/x/uninstall.log 2>&1 </dev/null || { tail /mnt/x/uninstall.log; return 1; }
  within 120 grep -q 'as it was before' /mnt/x/uninstall.log || { tail /mnt/x/uninstall.log; return 1; }
  end_container uninstall
}
# A container's output is a pipe, as containerd's is: under SELinux it may not write to files of the node.
pod_start() {
  rm -f /run/pod/started
  { container agent --detach --pid-file /run/pod/agent.pid; echo $? >/run/pod/started; } 2>&1 </dev/null | cat >>$log &
  within 60 test -s /run/pod/started
  status=$(cat /run/pod/started)
  [ "$status" = 0 ] || { sleep 0.5; tail -n 20 $log; return "$status"; }
  agent=$(cat /run/pod/agent.pid)
  echo "the agent: pid $agent, confined by $(confinement_of "$agent"), $(grep -E '^(NoNewPrivs|Seccomp|CapEff)' "/proc/$agent/status" 2>/dev/null | tr -s '\t\n' '  ')"
}
pod_events() {
  container events --detach --pid-file /run/pod/events.pid >>/mnt/x/events.log 2>&1 </dev/null || { tail -n 20 /mnt/x/events.log; return 1; }
  echo "the events: pid $(cat /run/pod/events.pid), confined by $(confinement_of "$(cat /run/pod/events.pid)")"
}
pod_stop() { end_container agent; }
# end_container NAME: SIGTERM, then what is left of it goes.
end_container() {
  { read -r id; } <"$pod/$1.id"
  pid=$(cat "/run/pod/$1.pid")
  kill "$pid" 2>/dev/null
  within 30 has_ended "$pid" || { echo "$1 does not end, pid $pid"; return 1; }
  runtime delete --force "$id"
}
has_ended() { ! kill -0 "$1" 2>/dev/null; }
# within SECONDS COMMAND…: whether it holds before that; for functions that must and eventually call.
within() {
  tries=$(($1 * 4)); shift
  until "$@"; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || return 1
    sleep 0.25
  done
}
# pod_exec ARGUMENT…: aks-auditd, once more, in the agent's container, as "kubectl exec" does it.
pod_exec() { read -r id <"$pod/agent.id"; runtime exec "$id" /usr/local/bin/aks-auditd "$@"; }
pod_status() { pod_exec status; }
# pod_get PATH: what the agent answers to a probe.
pod_get() { nsenter --net="/proc/$agent/ns/net" $net get 9807 "$1"; }
pod_ready() { pod_get /readyz; }
