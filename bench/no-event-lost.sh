#!/usr/bin/env bash
# How many events are missed while policies change? Runs at least 500 processes a second, each with a number of its own, changes the policy again
# and again, and counts the numbers that have no EXECVE record in auditd's log: with the ordered difference of LinuxAudit, and beside it
# with the ways that others take. Exits non-zero when ours missed any.
#   bench/no-event-lost.sh [CHANGES [OTHER-CHANGES [RATE [SEED]]]]     default 200, 40, 600 and a new seed
# Needs root, the kernel's audit system, and that no audit daemon runs. What it changes it puts back, also when it fails or is ended.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=test/lib/suites.sh
. test/lib/suites.sh
# shellcheck source=demo/lib.sh
. demo/lib.sh

[ "$(id -u)" = 0 ] || { echo "no-event-lost.sh: needs root" >&2; exit 3; }
install_packages auditd gcc libc6-dev rsync
step "build" dotnet build bench/NoEventLost/NoEventLost.csproj -c Release --nologo -v quiet

mkdir -p /run/lock
exec 9>/run/lock/aks-auditd-tests
flock 9
if pid=$(auditd_pid); then echo "no-event-lost.sh: auditd runs (pid $pid); stop it first" >&2; exit 3; fi
saved=$(mktemp -d)
# The program puts everything back itself; this is for when it cannot.
trap 'audit_restore "$saved" && rm -rf "$saved"' EXIT
trap 'exit 130' INT TERM
audit_save "$saved"
dotnet artifacts/bin/NoEventLost/release/NoEventLost.dll "${1:-200}" "${2:-40}" "${3:-600}" ${4:+"$4"} 9>&-
