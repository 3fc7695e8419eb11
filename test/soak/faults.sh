# shellcheck shell=dash disable=SC2154 # settings and functions of run.sh
# Sourced by run.sh: faults, one after the other, at random. Each is undone, and then the node has to become well again by itself.

# fault_plan: kind and argument of each fault and the seconds before it, as a function of seed. Every kind comes once before any comes again.
fault_plan() {
  awk -v seed="$seed" 'BEGIN {
    n = split("kill-agent kill-auditd kill-plugin kill-events kill-rsyslog stop-agent stop-auditd stop-plugin stop-events stop-rsyslog disk-full syslog-down " \
      "clock-step delete-rules configmap-gone auditd-upgrade bad-policy file-edited auditd-stopped flood audit-off term-agent", kind, " ")
    srand(seed % 1000000)
    for (round = 0; round < 100; round++)
      for (i = n; i > 0; i--) {
        j = 1 + int(rand() * i)
        t = kind[j]; kind[j] = kind[i]; kind[i] = t
        print t, 3 + int(rand() * 18), 5 + int(rand() * 30)
      }
  }'
}

hold() { pid=$(pid_of "$1"); kill -STOP "$pid" && sleep "$2"; kill -CONT "$pid"; }

# inject KIND SECONDS: the fault, and its undoing.
inject() {
  case $1 in
    kill-*) kill -KILL "$(pid_of "${1#kill-}")" ;;
    stop-*) hold "${1#stop-}" "$2" ;;
    term-agent) kill -TERM "$(pid_of agent)" ;;
    disk-full)
      fallocate -l "$(df -B1 --output=avail /srv/soak | tail -n 1 | tr -d ' ')" /srv/soak/ballast
      # What the file system keeps back for root, too.
      dd if=/dev/zero of=/srv/soak/crumbs bs=64k 2>/dev/null
      sleep "$2"
      rm /srv/soak/ballast /srv/soak/crumbs
      ;;
    syslog-down) systemctl stop syslog.socket rsyslog; sleep "$2"; systemctl start rsyslog ;;
    # An hour or a day to either side.
    clock-step) set -- $(($2 % 4)); case $1 in 0) d=3600 ;; 1) d=-3600 ;; 2) d=86400 ;; *) d=-86400 ;; esac; date -s "@$(($(date +%s) + d))" >/dev/null ;;
    delete-rules) auditctl -D >/dev/null ;;
    audit-off) auditctl -e 0 >/dev/null ;;
    configmap-gone) (flock 8; mv /srv/vol/rules /srv/vol/rules.away; sleep "$2"; mv /srv/vol/rules.away /srv/vol/rules) 8>/run/soak-volumes ;;
    bad-policy)
      (
        flock 8
        mkdir -p /run/soak-bad
        { cat /run/soak-rules/10-soak.rules; echo '-a always,exit -S no-such-call -k bad'; } >/run/soak-bad/10-soak.rules
        before=$(auditctl -l | sort | sha256sum)
        config_map /srv/vol/rules /run/soak-bad
        sleep "$2"
        aks-auditd status >/run/soak-status
        # The policy before may still be on its way.
        [ "$(auditctl -l | sort | sha256sum)" = "$before" ] || auditctl -l | grep -q "soak-policy-$(cat /run/soak-policy)\$" || echo "a bad policy changed the rules" >&2
        auditctl -l | grep -q 'key=bad' && echo "a bad policy was loaded" >&2
        config_map /srv/vol/rules /run/soak-rules
      ) 8>/run/soak-volumes
      ;;
    auditd-upgrade) DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --reinstall auditd >/run/soak-apt 2>&1 || { echo "apt-get failed" >&2; cat /run/soak-apt >&2; } ;;
    file-edited) echo '-w /etc/by-hand -p w' >>/etc/audit/rules.d/10-soak.rules; echo 'freq = 1' >>/etc/audit/auditd.conf; rm -f /etc/audit/plugins.d/aks-auditd.conf ;;
    auditd-stopped) systemctl stop auditd ;;
    # More records than the backlog holds while nobody reads them.
    flood)
      pid=$(pid_of auditd)
      kill -STOP "$pid"
      timeout "$2" /srv/soak/load /srv/soak/nothing 0 "$collector/load.log" 3000
      kill -CONT "$pid"
      ;;
  esac
}

# faults END: a line for each: when it began, when the node was well again (milliseconds since boot), kind, argument, "healed" or "not healed".
faults() {
  fault_plan >/run/soak-plan
  while read -r kind argument pause; do
    sleep "$pause"
    [ $(($(now_ms) + 150000)) -lt "$1" ] || break
    began=$(now_ms)
    lost=$(auditctl -s | awk '$1 == "lost" { print $2 }')
    inject "$kind" "$argument"
    undone=$(now_ms)
    how=healed
    until well >/dev/null 2>&1; do
      [ $(($(now_ms) - undone)) -lt 90000 ] || { how=not-healed; well; break; } >&2
      sleep 2
    done
    # What is on its way.
    sleep 2
    echo "$began $(now_ms) $kind $argument $how $((undone - began)) $(($(auditctl -s | awk '$1 == "lost" { print $2 }') - lost))"
  done </run/soak-plan
}
