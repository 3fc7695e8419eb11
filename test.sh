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

suites=(format unit endtoend demo chart docs kql observability report kubernetes nodevm)
[ $# -gt 0 ] && suites=("$@")

# shellcheck disable=SC2317 # called by check
shell_scripts_are_clean() { git ls-files -z '*.sh' .ci/run test/docs/shims test/nodevm/guest/run-scenario | xargs -0 shellcheck; }

install_packages auditd audispd-plugins createrepo-c dnf iptables rpm rsync rsyslog shellcheck strace
step "build" dotnet build AksAuditd.slnx -c Release --nologo -v quiet || give_up "the build failed"
step "native build" ./build.sh || give_up "the native build failed"

# While nobody else's tests are at it: the state is one for the whole machine.
fingerprint() { (flock 7; audit_recover; audit_fingerprint) 7>/run/lock/aks-auditd-tests; }
before=$(mktemp)
[ "$(id -u)" = 0 ] && fingerprint >"$before"

# The virtual machine has a kernel of its own: its suite goes beside those that share this one.
case " ${suites[*]} " in *" nodevm "*) script_suite_begin nodevm test/nodevm/suite.sh ;; esac

for suite in "${suites[@]}"; do
  case $suite in
    format)
      # Style and names are the build's: its warnings are errors.
      check "format" dotnet format whitespace AksAuditd.slnx --verify-no-changes --no-restore
      if command -v shellcheck >/dev/null; then check "shellcheck" shell_scripts_are_clean; else skip "shellcheck: not installed"; fi
      ;;
    unit) dotnet_tests LinuxAudit.Tests; dotnet_tests AksAuditd.Tests ;;
    endtoend) dotnet_tests EndToEnd.Tests ;;
    demo) if [ "$(id -u)" = 0 ]; then check "demo.sh" ./demo.sh; else skip "demo.sh: needs root"; fi ;;
    chart) script_suite chart test/chart/suite.sh ;;
    docs) script_suite docs test/docs/suite.sh ;;
    kql) script_suite kql test/kql/suite.sh ;;
    observability) script_suite observability test/observability/suite.sh ;;
    report) script_suite report test/report/suite.sh ;;
    nodevm) script_suite_end nodevm ;;
    kubernetes) script_suite kubernetes test/kubernetes/suite.sh ;;
    *) give_up "no suite is called '$suite'" ;;
  esac
done

if [ "$(id -u)" = 0 ]; then
  check "the machine's audit state is as before" diff "$before" <(fingerprint)
else
  skip "the machine's audit state: needs root"
fi
rm -f "$before"
finish
