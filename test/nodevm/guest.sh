# shellcheck shell=dash
# Sourced by a scenario's run.sh in the guest (plain sh; there is no python, jq or curl there).
# Starting a process costs 30 to 45 ms under emulation: no shell loops where one command does.
say() { echo "[$(cut -d' ' -f1 /proc/uptime)] $*"; }

# must WHAT COMMAND…: a line when it holds; its output and the end of the scenario when it does not.
must() {
  what=$1; shift
  if "$@" >/tmp/must.log 2>&1; then say "ok: $what"; else
    status=$?
    say "NOT SO: $what: $* (status $status)"
    cat /tmp/must.log
    exit 1
  fi
}
must_not() { what=$1; shift; if "$@" >/tmp/must.log 2>&1; then say "NOT SO: $what: $*"; cat /tmp/must.log; exit 1; else say "ok: $what"; fi; }

# eventually SECONDS WHAT COMMAND…: must, but it may take so long.
eventually() {
  left=$(($1 * 4)) what=$2; shift 2
  until "$@" >/tmp/must.log 2>&1; do
    left=$((left - 1))
    [ $left -gt 0 ] || { say "NOT SO: $what: $*"; cat /tmp/must.log; exit 1; }
    sleep 0.25
  done
  say "ok: $what"
}

same() { [ "$1" = "$2" ] || { printf 'wanted: %s\ngot:    %s\n' "$2" "$1"; return 1; }; }

# After this boot, another one.
boot_again() { echo reboot >/run/scenario-next; }
# Power is lost now; the next boot follows.
lose_power() { sync -f /mnt/x; echo b >/proc/sysrq-trigger; sleep 60; }

[ -f /mnt/x/aks-auditd ] && [ ! -e /usr/local/bin/aks-auditd ] && install -m 0755 /mnt/x/aks-auditd /usr/local/bin/aks-auditd
