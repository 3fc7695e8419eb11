#!/usr/bin/env bash
# Opens a report in a headless Chromium and compares its numbers with those that ausearch counts in the same log. Ends with "N passed, N failed, N skipped".
# shellcheck disable=SC2317,SC2015,SC2016 # checks are functions that scenario calls; dollar signs are awk's
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.." || exit
# shellcheck source=../lib/suites.sh
. test/lib/suites.sh

program=$PWD/artifacts/aks-auditd
[ -x "$program" ] || give_up "artifacts/aks-auditd is missing: run ./build.sh"
install_packages auditd chromium
command -v chromium >/dev/null && command -v ausearch >/dev/null || skip_all "needs chromium and ausearch" 8

work=$(mktemp -d /tmp/aks-auditd-report.XXXXXX)
trap 'rm -rf "$work"' EXIT
export TZ=UTC
run() { scenario "$1" "artifacts/report/$(tr -c 'a-z0-9\n' - <<<"$1").log" "${@:2}"; }

# A real log, and behind it a program whose name is markup, in hexadecimal as the kernel writes it.
audit_log=$work/audit.log
hostile=$(printf '</code><script>document.body.innerHTML=""</script><img src=x onerror=alert(1)>' | od -An -tx1 | tr -d ' \n' | tr a-f A-F)
{
  cat test/corpus/records/small.log
  echo "type=SYSCALL msg=audit(1795311930.000:509999): arch=c000003e syscall=59 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=\"x\" exe=$hostile key=$hostile"
} >"$audit_log"

# measured LIGHT|DARK: what Chromium makes of the report, a line a thing: FRAME, NAME, VALUE.
measured() {
  local scheme=1
  [ "$1" = light ] || scheme=0
  timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$work/chromium" --allow-file-access-from-files \
    --blink-settings=preferredColorScheme="$scheme" --virtual-time-budget=5000 --dump-dom "file://$work/measure.html" 2>"$work/chromium.log" | sed -n '/<pre id="measured">/,/<\/pre>/p' | sed 's/.*<pre id="measured">//; s/<\/pre>.*//'
}

opens() {
  "$program" report "$audit_log" --price 2.76 --currency EUR --output "$work/report.html" || return
  cp test/report/measure.html "$work"
  measured light >"$work/light" && measured dark >"$work/dark"
  grep -q '^narrow' "$work/light" && grep -q '^narrow' "$work/dark" || { cat "$work/chromium.log"; return 1; }
}
values() { awk -F '\t' -v name="$1" '$1 == "wide" && $2 == name' "$work/light" | cut -f 3-; }
# serials COLUMN-TEST OPTION…: how many events ausearch finds; it shows a login twice.
serials() { ausearch -if "$audit_log" --format csv "${@:2}" 2>/dev/null | awk -F , "NR > 1 && $1"' { print $4 $5 }' | sort -u | wc -l; }
same() { [ "$2" = "$3" ] || { echo "$1: the report says $2, ausearch $3"; return 1; }; }

events_are_the_same() { same events "$(values events)" "$(serials '$2 != ""')" && same timeline "$(values time | awk -F '\t' '{ n += $2 } END { print n }')" "$(serials '$2 != ""')"; }

# An event that says that a rule was changed has that rule's key, but is not made by it.
rules_are_the_same() {
  local key count seen=0 markup=0
  while IFS=$'\t' read -r key count; do
    case $key in
      'no key') continue ;;
      # It came as text.
      *'&lt;script&gt;'*) markup=$count; continue ;;
    esac
    same "$key" "$count" "$(serials '$2 != "CONFIG_CHANGE"' -k "$key")" || return
    seen=$((seen + 1))
  done < <(values rule)
  [ "$seen" -ge 3 ] && [ "$markup" = 1 ]
}

# Only what the kernel says: not what programs say of themselves.
programs_are_the_same() {
  local exe count seen=0
  while IFS=$'\t' read -r exe count; do
    case $exe in /*) ;; *) continue ;; esac
    same "$exe" "$count" "$(ausearch -if "$audit_log" --raw 2>/dev/null | grep -aE '^type=(SYSCALL|ANOM_ABEND|SECCOMP|ANOM_[A-Z]*) ' | grep -aF " exe=\"$exe\"" | grep -aoE 'audit\([0-9.:]*\)' | sort -u | wc -l)" || return
    seen=$((seen + 1))
  done < <(values program)
  [ "$seen" -ge 10 ]
}

peers_are_the_same() {
  local peer count seen=0
  while IFS=$'\t' read -r peer count; do
    same "$peer" "$count" "$(ausearch -if "$audit_log" -i -m SOCKADDR 2>/dev/null | grep -c "saddr_fam=inet6\{0,1\} laddr=$(sed 's/:[0-9]*$//; s/[][]//g' <<<"$peer") lport=${peer##*:} ")" || return
    seen=$((seen + 1))
  done < <(values peer)
  [ "$seen" -ge 2 ]
}

# At both widths, in light and dark: nothing stands out at the side, nothing is fetched, no script is there, text can be read (WCAG 2.2 AA: 4.5).
is_readable() {
  cat "$work/light" "$work/dark" | awk -F '\t' '
    $2 == "overflow" || $2 == "fetched" || $2 == "scripts" { n++; if ($3 != 0) { print; bad = 1 } }
    $2 == "contrast" { n++; print; if ($3 < 4.5) bad = 1 }
    END { exit bad || n != 16 }'
}

# ends_with STATUS TEXT COMMAND…: one line of error, which says TEXT.
ends_with() {
  local want=$1 text=$2 status=0; shift 2
  "$@" >"$work/out" 2>"$work/error" || status=$?
  cat "$work/error"
  [ "$status" = "$want" ] && [ "$(wc -l <"$work/error")" = 1 ] && grep -qF -- "$text" "$work/error" || { echo "status $status, not $want with '$text' in one line"; return 1; }
}
bad_input_is_said() {
  : >"$work/empty.log"
  ends_with 3 'Could not find file' "$program" report "$work/none.log" && ends_with 3 'is no audit log' "$program" report README.md && ends_with 3 'no event in it' "$program" report "$work/empty.log" &&
    ends_with 3 'no event of that time in it' "$program" report "$audit_log" --until 2020-01-01 && ends_with 2 "--price: 'x' is not valid" "$program" report "$audit_log" --price x &&
    ends_with 2 "--since: 'x' is not valid" "$program" report "$audit_log" --since x && ends_with 3 'cannot be written' "$program" report "$audit_log" --output "$work/none/page.html"
}

# Without a file: the log that the node's auditd.conf names, and what auditd has rotated, the oldest first.
own_log_is_read() {
  local node=$work/node/srv/logs lines
  mkdir -p "$node" "$work/node/etc/audit"
  echo "log_file = /srv/logs/node.log" >"$work/node/etc/audit/auditd.conf"
  cp /etc/passwd /etc/group "$work/node/etc"
  lines=$(grep -an -m 1 ':490809)' "$audit_log" | cut -d : -f 1)
  head -n $((lines - 1)) "$audit_log" >"$node/node.log.10"
  tail -n +"$lines" "$audit_log" >"$node/node.log"
  AA_HOST_ROOT=$work/node "$program" report >"$work/own.html" || return
  same "the node's log" "$(grep -o 'value="[0-9]*" id="events"' "$work/own.html" | tr -dc 0-9)" "$(serials '$2 != ""')" && grep -qF "node.log.10</code>, " "$work/own.html"
}

run "Chromium opens a report" opens
run "events are those ausearch counts" events_are_the_same
run "rules are those ausearch counts" rules_are_the_same
run "programs are those ausearch counts" programs_are_the_same
run "addresses are those ausearch counts" peers_are_the_same
run "readable at 1280 and 390 pixels, light and dark" is_readable
run "the node's own log is read, with what was rotated" own_log_is_read
run "bad input is said in a line" bad_input_is_said
finish
