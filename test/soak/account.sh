#!/bin/sh
# At the end of a soak, in the guest: which numbers of the load are missing where, and which of them fell into the time of a fault.
# Writes /mnt/x/account.txt: "missing WHERE KIND-OF-FAULT COUNT", "done KIND COUNT", "twice WHERE COUNT", "pods RIGHT OF".
collector=/srv/col
# Two programs may have written into one line.
grep -hE "^[eocpf] [0-9A-F]+ [0-9]+\$" $collector/load.log $collector/pods.log >/mnt/x/done.log
# What is done, and which faults' times: a second before, when records may wait in memory, to the end.
normal() { sed -E 's/^a1="([efp])-([0-9]+)"$/\1 \2/; s/^name="\/srv\/col\/opened\/o-([0-9]+)"$/o \1/; s/^saddr=020000097F([0-9A-F]{6})$/c \1/'; }
grep -ahoE 'a1="[efp]-[0-9]+"|name="/srv/col/opened/o-[0-9]+"|saddr=020000097F[0-9A-F]{6}' /var/log/audit/audit.log* | normal >$collector/seen.audit
json() {
  grep -ahoE '"args":\["/srv/soak/nothing","[efp]-[0-9]+"|"path":"/srv/col/opened/o-[0-9]+"|"ip":"127\.[0-9]+\.[0-9]+\.[0-9]+","port":9\}' "$@" |
    sed -E 's/.*"([efp])-([0-9]+)"$/\1 \2/; s/.*\/o-([0-9]+)"$/o \1/' |
    awk '/^"ip"/ { gsub(/"|,.*/, ""); split($0, b, "."); printf "c %02X%02X%02X\n", b[2], b[3], b[4]; next } { print }'
}
json $collector/plugin.json >$collector/seen.plugin
json $collector/events.json* >$collector/seen.events
{
  for where in audit plugin events; do
    awk -v where=$where -v missing=/mnt/x/missing.$where -v again=/mnt/x/twice.$where '
      FILENAME ~ /faults.log$/ { from[++n] = $1 - 1500; to[n] = $2; kind[n] = $3; next }
      FILENAME ~ /seen/ { if (($1, $2) in seen) { twice++; print $0 >again } seen[$1, $2] = 1; next }
      !(($1, $2) in seen) {
        what = "none"
        for (i = 1; i <= n; i++) if ($3 >= from[i] && $3 <= to[i]) what = kind[i] "@" from[i] + 1500
        count[what]++
        print $0, what >missing
      }
      END { for (w in count) print "missing", where, w, count[w]; print "twice", where, twice + 0 }' \
      /mnt/x/faults.log $collector/seen.$where /mnt/x/done.log
  done
  awk '{ n[$1]++ } END { for (k in n) print "done", k, n[k] }' /mnt/x/done.log
  for where in plugin events; do
    grep -ahoE '"args":\["/srv/soak/nothing","p-[0-9]+"\].*"pod":\{"name":"soak-[0-9]+"' $collector/$where.json* |
      sed -E 's/.*"p-([0-9]+)"\].*"soak-([0-9]+)"$/\1 \2/' | awk -v where=$where '$1 == $2 { right++ } END { print "pods", where, right + 0, NR }'
    grep -ahoE '"action":"(lost-events|could-not-read|suppressed-events)".*' $collector/$where.json* >/mnt/x/notices.$where
    grep -ac . $collector/$where.json* | sed "s/^/lines $where /"
  done
} >/mnt/x/account.txt
# Some of those that are there twice, whole.
for where in plugin events; do
  [ ! -f /mnt/x/twice.$where ] || head -n 5 /mnt/x/twice.$where | while read -r kind number; do
    case $kind in o) text="/opened/o-$number\"" ;; c) text=$(printf '"127.%d.%d.%d"' "0x$(echo "$number" | cut -c1-2)" "0x$(echo "$number" | cut -c3-4)" "0x$(echo "$number" | cut -c5-6)") ;; *) text="\"$kind-$number\"" ;; esac
    grep -ahF "$text" $collector/$where.json*
  done >/mnt/x/twice.$where.lines
done
cat /mnt/x/account.txt
