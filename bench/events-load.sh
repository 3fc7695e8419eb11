# shellcheck shell=bash
# Sourced by test/corpus/records/make-log.sh: what a node that is watched for programs, files and connections does, $rounds times.
# A round is one program from a shell and the files it opens: about 60 records.
# auid, rounds and directory are make-log.sh's.
# shellcheck disable=SC2154

rules() {
  auditctl -D >/dev/null
  auditctl -b 16384 --backlog_wait_time 60000 >/dev/null
  auditctl -a always,exit -F arch=b64 -S execve,execveat -F "auid=$auid" -k exec
  auditctl -a always,exit -F arch=b64 -S open,openat,openat2,unlinkat,renameat2 -F "auid=$auid" -k files
  auditctl -a always,exit -F arch=b64 -S connect,bind,accept4 -F "auid=$auid" -k network
} >/dev/null

load() {
  local i
  set +e
  for i in $(seq "$rounds"); do
    case $((i % 8)) in
      0) /usr/bin/curl -sS --max-time 1 --header "X-Request: $i" http://127.0.0.1:9/index.html ;;
      1) /usr/bin/grep -m 1 root /etc/passwd ;;
      2) /usr/bin/ls -la --time-style=full-iso "/tmp/audit corpus $i" ;;
      3) /usr/bin/touch "$directory/work/$i" ;;
      4) /usr/bin/rm -f "$directory/work/$((i - 1))" ;;
      5) (: </dev/tcp/127.0.0.1/9) ;;
      6) /bin/sh -c "exec /usr/bin/cat /proc/self/stat | /usr/bin/wc -c" ;;
      7) /usr/bin/env "REQUEST=$i" /usr/bin/date -u +%s ;;
    esac
  done >/dev/null 2>&1
  # Some of it is meant to fail, the last round perhaps.
  return 0
}
