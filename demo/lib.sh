# shellcheck shell=bash
# Sourced by demo.sh and by tests in shell: what they need to use this machine's audit state and put it back.

# audit_fingerprint: everything of the machine's audit state that must be as before, as text.
audit_fingerprint() { kernel_fingerprint; files_fingerprint; }
kernel_fingerprint() {
  # Without its counters, which nobody can put back.
  echo "## auditctl -s"; auditctl -s | grep -vE "^(lost|backlog|backlog_wait_time_actual) "
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

# audit_save DIR: remember rules, control values, /etc/audit and whether auditd runs.
audit_save() {
  mkdir -p "$1"
  auditctl -s >"$1/status"
  auditctl -l >"$1/rules"
  if [ -d /etc/audit ]; then cp -a /etc/audit "$1/audit"; fi
  if auditd_pid >/dev/null; then touch "$1/auditd-ran"; fi
}

# audit_restore DIR: put all of that back.
audit_restore() {
  local dir=$1 pid value
  if [ ! -e "$dir/auditd-ran" ] && pid=$(auditd_pid); then
    if has_systemd; then systemctl stop auditd 2>/dev/null || kill "$pid"; else kill "$pid"; fi
    for _ in $(seq 100); do auditd_pid >/dev/null || break; sleep 0.05; done
  fi
  if [ -d "$dir/audit" ]; then
    cp -a "$dir/audit/." /etc/audit/
    (cd /etc/audit && find . -type f) | while read -r file; do [ -e "$dir/audit/$file" ] || rm -f "/etc/audit/$file"; done
  fi
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
    pid=$(auditd_pid) && kill -HUP "$pid"
  fi
  return 0
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
