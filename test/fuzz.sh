#!/usr/bin/env bash
# Every parser and whole policies with input of all kinds, for a while.
#   test/fuzz.sh [MINUTES [SEED [TARGET]]]     default 10 minutes, a seed of its own, all targets in turn
# Prints the seed; a finding comes with the command that repeats it, and belongs into a regression test. Without a TARGET it writes test/fuzz.md.
# Exit status 1 when something was found. Needs the .NET SDK; touches nothing of the machine.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
# shellcheck source=lib/suites.sh
. test/lib/suites.sh

minutes=${1:-10} seed=${2:-$((RANDOM * 32768 + RANDOM))}
dotnet build test/Fuzz -c Release --nologo -v quiet || exit 3
commit=$(commit_of src test)
mkdir -p artifacts
dotnet artifacts/bin/Fuzz/release/Fuzz.dll "$minutes" "$seed" ${3:+"$3"} | tee artifacts/fuzz.log
status=${PIPESTATUS[0]}
[ $# -lt 3 ] || exit "$status"
{
  # shellcheck disable=SC2016 # for Markdown
  printf '# Fuzzing\n\nThe last run of test/fuzz.sh: %s minutes, seed %s, at %s. What each target takes and what has to hold is in `test/Fuzz`; a case of the first six is a run of a fuzz test of the
test projects with some thousand inputs.\n\n' "$minutes" "$seed" "$commit"
  printf '| target | cases | findings |\n|---|---|---|\n'
  sed -nE 's/^([a-z-]+) +([0-9]+) cases +([0-9]+) findings$/| \1 | \2 | \3 |/p' artifacts/fuzz.log
  printf '\n%s.\n' "$(tail -n 1 artifacts/fuzz.log)"
  ! grep -q '^FINDING' artifacts/fuzz.log || { printf '\n```\n'; grep -A 1 '^FINDING' artifacts/fuzz.log; printf '```\n'; }
  [ ! -f test/Fuzz/found.md ] || { echo; cat test/Fuzz/found.md; }
} >test/fuzz.md
exit "$status"
