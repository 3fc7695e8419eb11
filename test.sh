#!/usr/bin/env bash
# Builds everything and runs every test. Installs what it needs by package name; as root nothing is skipped but what the machine cannot do, each with its reason.
# The last line printed is "N passed, N failed, N skipped".
#   ./test.sh            all suites
#   ./test.sh NAME…      only these (see `suites` below)
set -uo pipefail
cd "$(dirname "$0")" || exit
# shellcheck source=test/lib/suites.sh
. test/lib/suites.sh
# shellcheck source=demo/lib.sh
. demo/lib.sh

# What uses this machine's audit state, of which there is one; and what does not, the virtual machine with its own kernel above all. Each goes one after the other,
# the two beside each other. The unit tests use neither; they stand where there is time.
on_this_kernel=(endtoend demo observability kubernetes unit)
apart=(nodevm format chart docs kql report)
suites=("${on_this_kernel[@]}" "${apart[@]}")
[ $# -gt 0 ] && suites=("$@")

# shellcheck disable=SC2317 # called by check
shell_scripts_are_clean() { git ls-files -z '*.sh' .ci/run test/docs/shims test/nodevm/guest/run-scenario test/nodevm/guest/containerd-defaults | xargs -0 shellcheck; }

install_packages auditd audispd-plugins createrepo-c dnf iptables rpm rsync rsyslog shellcheck strace
# Beside each other: each has a tree of its own.
# shellcheck disable=SC2317 # called by step
build_both() {
  ./build.sh & native=$!
  dotnet build AksAuditd.slnx -c Release --nologo -v quiet; local status=$?
  wait "$native" && [ "$status" = 0 ]
}
step "build, and native build" build_both || give_up "the build failed"

# While nobody else's tests are at it: the state is one for the whole machine.
fingerprint() { (flock 7; audit_recover; audit_fingerprint) 7>/run/lock/aks-auditd-tests; }
before=$(mktemp)
[ "$(id -u)" = 0 ] && fingerprint >"$before"

run_suite() {
  case $1 in
    format)
      # Style and names are the build's: its warnings are errors.
      check "format" dotnet format whitespace AksAuditd.slnx --verify-no-changes --no-restore
      if command -v shellcheck >/dev/null; then check "shellcheck" shell_scripts_are_clean; else skip "shellcheck: not installed"; fi
      ;;
    unit) dotnet_tests LinuxAudit.Tests; dotnet_tests AksAuditd.Tests ;;
    endtoend) dotnet_tests EndToEnd.Tests ;;
    demo) if [ "$(id -u)" = 0 ]; then check "demo.sh" ./demo.sh; else skip "demo.sh: needs root"; fi ;;
    *) script_suite "$1" "test/$1/suite.sh" ;;
  esac
}
run_suites() { local suite; for suite in "$@"; do run_suite "$suite"; done; }

# chosen NAME…: those of them that are to run.
chosen() { printf '%s\n' "$@" | grep -xF -- "$(printf '%s\n' "${suites[@]}")"; }
mapfile -t here < <(chosen "${on_this_kernel[@]}")
mapfile -t there < <(chosen "${apart[@]}")
[ ${#suites[@]} = $((${#here[@]} + ${#there[@]})) ] || give_up "these are the suites: ${on_this_kernel[*]} ${apart[*]}"
if [ ${#here[@]} -gt 0 ] && [ ${#there[@]} -gt 0 ]; then
  lane beside run_suites "${there[@]}"
  run_suites "${here[@]}"
  lane_end beside
else
  run_suites "${suites[@]}"
fi

if [ "$(id -u)" = 0 ]; then
  check "the machine's audit state is as before" diff "$before" <(fingerprint)
else
  skip "the machine's audit state: needs root"
fi
rm -f "$before"
finish
