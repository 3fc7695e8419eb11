#!/usr/bin/env bash
# Lines of audit.log to JSON: the program itself (`aks-auditd events`, which asks /proc for each process), the same code with a pod in each event
# (bench/EventSpeed: the log's processes have gone), laurel with its enrichment on, and ausearch --format csv, in turn, on one real log that auditd makes
# here. Prints CPU seconds, peak memory, MB/s and bytes written. Then what the same programs' starts cost in bytes: as audisp-syslog lines and as ours. Then
# what arguments cost, 1, 10 and 100 times as many.
#   bench/events-throughput.sh [MEGABYTES=100 [TURNS=3]]
# Needs root, that no audit daemon runs, and artifacts/aks-auditd (./build.sh). The log is kept in ~/.cache/aks-auditd/events.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=test/lib/suites.sh
. test/lib/suites.sh
[ "$(id -u)" = 0 ] || { echo "events-throughput.sh: needs root" >&2; exit 3; }
[ -x artifacts/aks-auditd ] || { echo "events-throughput.sh: run ./build.sh first" >&2; exit 3; }
install_packages auditd laurel curl clang gcc libc6-dev
megabytes=${1:-100} turns=${2:-3}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/aks-auditd/events
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A native build, as the program's; where net10.0's native runtime pack cannot be restored with net9.0.
publish() {
  dotnet publish bench/EventSpeed -c Release -r "linux-$(case "$(uname -m)" in aarch64) echo arm64 ;; *) echo x64 ;; esac)" --nologo -v quiet \
    -p:AksNative=true -p:AksTargetFramework="$1" -p:ArtifactsPath="$PWD/artifacts/native/bench-$1" -o "$PWD/artifacts/native/bench-$1/out"
}
framework=net10.0
step "build" publish net10.0 >"$work/build.log" 2>&1 || { framework=net9.0; step "build for net9.0" publish net9.0; }
speed=artifacts/native/bench-$framework/out/EventSpeed

# About 40 KB a round.
if [ "$(stat -c %s "$cache/enriched/audit.log" 2>/dev/null || echo 0)" -lt $((megabytes * 1000000)) ]; then
  rm -rf "$cache/enriched"
  step "log" flock /run/lock/aks-auditd-tests test/corpus/records/make-log.sh "$cache/enriched" $((megabytes * 28)) ENRICHED "" "$PWD/bench/events-load.sh"
fi
log=$work/log
head -c $((megabytes * 1000000)) "$cache/enriched/audit.log" >"$log"
printf '%d MB, %d records, Linux %s, auditd %s, laurel %s, %s\n' "$megabytes" "$(wc -l <"$log")" "$(uname -r)" \
  "$(dpkg-query -W -f '${Version}' auditd)" "$(dpkg-query -W -f '${Version}' laurel)" "$(commit_of src bench)"

mkdir "$work/laurel"
sed -e "s|^directory = .*|directory = \"$work/laurel\"|" -e 's|^user = .*|user = "root"|' -e 's|^universal = .*|universal = true|' \
  -e 's|^user-db = .*|user-db = true|' -e 's|^size = .*|size = 10000000000|' /etc/laurel/config.toml >"$work/laurel.toml"

gcc -O2 -o "$work/cost" bench/EventSpeed/cost.c

# measure NAME OUTPUT COMMAND…: stdin is the log.
# A host takes back memory that a virtual machine has not used for seconds, and whoever comes after a pause pays for getting it again: here nobody does.
measure() {
  local name=$1 output=$2; shift 2
  head -c 300M /dev/zero >"$work/memory"
  rm "$work/memory"
  "$work/cost" "$work/took" "$@" <"$log" >"$work/out" 2>/dev/null || true
  awk -v name="$name" -v mb="$megabytes" -v out="$(stat -c %s "$output")" \
    '{ cpu = $1 + $2; printf "%-10s %6.3f s CPU  %7.1f MB peak  %6.0f MB/s  %6.1f MB out\n", name, cpu, $3 / 1024, mb / cpu, out / 1e6 }' "$work/took"
}
for _ in $(seq "$turns"); do
  rm -f "$work"/ours "$work"/laurel/*
  measure ours "$work/ours" artifacts/aks-auditd events --from audit-log "$log" --to "file:$work/ours?size=10Gi"
  measure with-pod "$work/pods" "$speed" /dev/stdin "$work/pods"
  measure laurel "$work/laurel/audit.log" laurel -c "$work/laurel.toml"
  measure ausearch "$work/out" ausearch --input-logs -if "$log" --format csv
done

"$speed" --bytes "$log"
"$speed" --bytes "$log" whole
"$speed" --arguments
