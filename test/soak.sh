#!/usr/bin/env bash
# A node under load for hours: agent, auditd, plugin and events, programs, files, connections and containers, a policy change a minute, a fault every minute or so.
#   test/soak.sh [HOURS [SEED]]     default 1 hour, a seed of its own; SOAK_EXECS=10 programs a second, SOAK_NICE=10
# It runs in the virtual machine of test/nodevm (scenario: test/soak), so that its faults harm nobody, on one virtual processor. At the end nothing may be lost that a
# fault does not explain, every policy must have been applied, memory and descriptors must be flat, no zombie and no stray file left. Writes test/soak.md and
# test/soak.svg; what they were made of is in artifacts/soak. Needs root, a C compiler and artifacts/aks-auditd (./build.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=lib/suites.sh
. test/lib/suites.sh

seconds=$(awk -v hours="${1:-1}" 'BEGIN { printf "%d", hours * 3600 }')
seed=${2:-$((RANDOM * 32768 + RANDOM))}
[ "$(id -u)" = 0 ] || { echo "soak.sh: needs root" >&2; exit 3; }
[ -x artifacts/aks-auditd ] || { echo "soak.sh: run ./build.sh first" >&2; exit 3; }
install_packages mmdebstrap qemu-system-x86 e2fsprogs dpkg-dev gcc libc6-dev

scenario=$(mktemp -d)
trap 'rm -rf "$scenario"' EXIT
cp test/soak/*.sh "$scenario/"
gcc -O2 -static -o "$scenario/load" test/soak/load.c
gcc -O2 -nostdlib -static -o "$scenario/nothing" bench/NoEventLost/nothing.c
printf 'seconds=%s\nseed=%s\nexecs=%s\n' "$seconds" "$seed" "${SOAK_EXECS:-10}" >"$scenario/settings"
commit=$(commit_of src test/soak test/soak.sh)
echo "soak: $seconds s, seed $seed, at $commit"
status=0
NODEVM_CPUS=1 NODEVM_LIMIT=$((seconds + 900)) nice -n "${SOAK_NICE:-10}" test/nodevm/run.sh "$scenario" artifacts/soak || status=$?
echo "soak: the machine ended with status $status"
[ -s artifacts/soak/x/account.txt ] || { echo "soak: no accounts: see artifacts/soak" >&2; exit 1; }
heading="The last run of test/soak.sh, at $commit: $seconds s with seed $seed, ${SOAK_EXECS:-10} programs a second, on one virtual processor ($(grep -c . artifacts/soak/x/faults.log) faults, $(wc -l <artifacts/soak/x/policies.log) policies)."
test/soak/report.sh artifacts/soak/x test/soak.svg "$heading" >test/soak.md || status=1
cat test/soak.md
exit "$status"
