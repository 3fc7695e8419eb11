# shellcheck shell=bash
# Sourced by demo.sh and by tests in shell: what they need to use this machine's audit state and put it back.

# audit_fingerprint: everything of the machine's audit state that must be as before, as text.
audit_fingerprint() { kernel_fingerprint; files_fingerprint; }
kernel_fingerprint() {
  # Without its counters, which nobody can put back; the same auditd may have another pid.
  echo "## auditctl -s"; auditctl -s | grep -vE "^(lost|backlog|backlog_wait_time_actual) " | sed 's/^pid [1-9].*/pid of a daemon/'
  echo "## auditctl -l"; auditctl -l
}
files_fingerprint() {
  echo "## /etc/audit"; (cd /etc/audit && find . -type f -printf '%p %m %U:%G ' -exec sha256sum {} \; | awk '{print $1, $2, $3, $4}' | sort)
  echo "## rsyslog"; find /etc/rsyslog.conf /etc/rsyslog.d -type f -exec sha256sum {} \; 2>/dev/null | sort
}

auditd_pid() {
  local pid
  pid=$(cat /run/auditd.pid 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = auditd ] && echo "$pid"
}

has_systemd() { [ -d /run/systemd/system ]; }

# audit_save DIR: remember rules, control values, /etc/audit and whether auditd runs. Whoever calls it holds /run/lock/aks-auditd-tests.
# When it is killed before audit_restore, the next one finds the way to DIR in $audit_unrestored and puts that back first.
audit_unrestored=/var/tmp/aks-auditd-unrestored
# Not audit's own, but tests set it: with it the kernel does not wait about 12 ms for its readers whenever a rule is deleted.
rcu_expedited=/sys/kernel/rcu_expedited
audit_save() {
  audit_recover
  mkdir -p "$1"
  auditctl -s >"$1/status"
  auditctl -l >"$1/rules"
  cp /proc/sys/kernel/random/boot_id "$1/boot"
  if [ -w $rcu_expedited ]; then cat $rcu_expedited >"$1/expedited"; fi
  if [ -d /etc/audit ]; then cp -a /etc/audit "$1/audit"; fi
  if auditd_pid >/dev/null; then touch "$1/auditd-ran"; fi
  ln -sfn "$(realpath "$1")" "$audit_unrestored"
}

# audit_recover: what somebody who was killed had saved, put back. After a boot the kernel has nothing of that any more, only files have.
audit_recover() {
  local dir
  dir=$(readlink "$audit_unrestored") || return 0
  if [ -s "$dir/boot" ]; then
    echo "putting back the audit state that an earlier run has not put back" >&2
    if [ "$(cat "$dir/boot")" = "$(cat /proc/sys/kernel/random/boot_id)" ]; then
      # What it had started lives on, and would undo what is put back.
      pkill -KILL -x aks-auditd || true
      pkill -x auditd || true
      # One that was killed stays the kernel's daemon until the kernel has something to tell it.
      auditctl -m "is there an audit daemon?" || true
      audit_restore "$dir"
    else
      audit_restore_files "$dir"
    fi
    rm -rf "$dir"
  fi
  rm -f "$audit_unrestored"
}

audit_restore_files() {
  [ -d "$1/audit" ] || return 0
  mkdir -p /etc/audit
  cp -a "$1/audit/." /etc/audit/
  (cd /etc/audit && find . -type f) | while read -r file; do [ -e "$1/audit/$file" ] || rm -f "/etc/audit/$file"; done
}

# audit_restore DIR: put all of that back.
audit_restore() {
  local dir=$1 pid value
  if [ ! -e "$dir/auditd-ran" ] && pid=$(auditd_pid); then
    if has_systemd; then systemctl stop auditd 2>/dev/null || kill "$pid"; else kill "$pid"; fi
    for _ in $(seq 100); do auditd_pid >/dev/null || break; sleep 0.05; done
  fi
  audit_restore_files "$dir"
  if [ -e "$dir/expedited" ]; then cat "$dir/expedited" >$rcu_expedited; fi
  auditctl -D >/dev/null
  if ! grep -q '^No rules' "$dir/rules"; then auditctl -R "$dir/rules" >/dev/null; fi
  status_of() { awk -v key="$1" '$1 == key { print $2 }' "$dir/status"; }
  auditctl -b "$(status_of backlog_limit)" >/dev/null
  auditctl -f "$(status_of failure)" >/dev/null
  auditctl -r "$(status_of rate_limit)" >/dev/null
  auditctl --backlog_wait_time "$(status_of backlog_wait_time)" >/dev/null
  auditctl -e "$(status_of enabled)" >/dev/null
  value=$(status_of lost); [ "$value" != 0 ] || auditctl --reset-lost >/dev/null 2>&1
  value=$(status_of backlog_wait_time_actual); [ "$value" != 0 ] || auditctl --reset_backlog_wait_time_actual >/dev/null 2>&1
  if [ -e "$dir/auditd-ran" ]; then
    if pid=$(auditd_pid); then kill -HUP "$pid"
    elif has_systemd; then systemctl start auditd
    else auditd 7>&- 8>&- 9>&-; fi # it must not keep the lock
  fi
  rm -f "$audit_unrestored"
}

# volume_write VOLUME VERSION FILE…: a new version of a ConfigMap volume, laid out and swapped in as the kubelet does it:
# files in a directory of their own, ..data a symbolic link to it that is replaced by rename, one link a file beside it.
volume_write() {
  local volume=$1 version=$2 old file name; shift 2
  mkdir -p "$volume/..$version"
  for file in "$@"; do cp "$file" "$volume/..$version/"; done
  old=$(readlink "$volume/..data" || true)
  ln -s "..$version" "$volume/..data_tmp"
  mv -T "$volume/..data_tmp" "$volume/..data"
  for file in "$@"; do
    name=$(basename "$file")
    [ -L "$volume/$name" ] || ln -s "..data/$name" "$volume/$name"
  done
  [ -z "$old" ] || rm -rf "${volume:?}/$old"
}

# agent_ready ADDRESS LOG: waits until the agent that listens there is ready, 20 s at the most; its log when it is not.
agent_ready() {
  for _ in $(seq 200); do
    if curl -fsS "http://$1/readyz" >/dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  echo "the agent is not ready:" >&2; cat "$2" >&2
  return 1
}
