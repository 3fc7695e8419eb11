#!/usr/bin/env bash
# What takes too long for test.sh, on a machine where test.sh has passed: the long scenarios on a node in a virtual machine, every error at every call of
# an apply, more random rules and real events, and a minute of each trouble that events can have. Writes what came of it to test/long.md. The last line printed is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.." || exit
# shellcheck source=lib/suites.sh
. test/lib/suites.sh

install_packages auditd audispd-plugins rsync strace
step "build" dotnet build test/EndToEnd.Tests -c Release --nologo -v quiet || give_up "the build failed"
step "native build" ./build.sh || give_up "the native build failed"

report() {
  printf '# Long tests\n\nThe last run of test/long.sh, at %s, Linux %s, auditd %s:\n\n' "$(commit_of src test)" \
    "$(uname -r | cut -d. -f1,2)" "$(auditctl -v | cut -d' ' -f3)"
  sed -En 's/^ *\[ *[0-9]+s\] (ok|FAILED|skipped): (.*)$/    \1: \2/p' artifacts/long.log
  printf '\n%d passed, %d failed, %d skipped, %d s.\n' "$passed" "$failed" "$skipped" $((SECONDS - started))
}

: >artifacts/long.log
script_suite nodevm-long test/nodevm/suite.sh --long
cat artifacts/nodevm-long.log >>artifacts/long.log
# tests NAME CLASS: the tests of a class, as one line of the report.
tests() {
  local since=$SECONDS line word
  dotnet_tests EndToEnd.Tests -class "$2"
  line=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+' artifacts/EndToEnd.Tests.log | tail -n 1)
  case $line in *'Errors: 0, Failed: 0') word=ok ;; *) word=FAILED ;; esac
  printf '[%4ds] %s: %s: %s (%d s)\n' $((SECONDS - started)) "$word" "$1" "$line" $((SECONDS - since)) | tee -a artifacts/long.log
}
export AKS_LONG_TESTS=1
tests "every error at every call of an apply" EndToEnd.Tests.Agent.FaultTests
tests "auditd refuses its auditd.conf, also while it runs" EndToEnd.Tests.Agent.AuditdConfTests
tests "5,000 random rules more, given to auditctl and to us" EndToEnd.Tests.Rules.RuleParityTests
tests "50,000 events, given to ausearch and to us" EndToEnd.Tests.Records.ParityTests
AKS_AUDITD_ACCOUNTING_SECONDS=60 tests "trouble for a minute, every event accounted for" EndToEnd.Tests.Events.Plugin.AccountingTests
report >test/long.md
finish
