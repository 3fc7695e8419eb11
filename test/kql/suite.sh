#!/usr/bin/env bash
# Checks docs/kql: Microsoft's language service parses and binds every query, and its patterns match real records. Ends with "N passed, N failed, N skipped".
# shellcheck disable=SC2317 # checks are functions that scenario calls
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
# shellcheck source=../lib/suites.sh
. test/lib/suites.sh

if [ "$(id -u)" = 0 ] && ! command -v npm >/dev/null; then install_packages npm; fi
command -v npm >/dev/null || skip_all "needs npm" 1
mkdir -p artifacts/kql
packages=$(test/kql/packages.sh 2>artifacts/kql/build.log) || { cat artifacts/kql/build.log; give_up "no language service"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() { scenario "$1" "artifacts/kql/$(tr -c 'a-z0-9\n' - <<<"$1").log" "${@:2}"; }
binds() { node test/kql/check.cjs "$packages" test/kql/tables.json "${functions:-docs/kql/functions}" "$@"; }

# finds TEXT FILE: the language service has found TEXT in the file.
finds() { grep -F -- "$2: " "$work/found" | grep -F -- "$1" || { echo "no '$1' for $2 in:"; cat "$work/found"; return 1; }; }

every_file_is_listed() {
  local file
  for file in docs/kql/*.kql docs/kql/functions/*.kql; do
    grep -qF "](${file#docs/kql/})" docs/kql/README.md || { echo "docs/kql/README.md does not list $file"; return 1; }
  done
}

run "every query and function binds" binds docs/kql/*.kql docs/kql/functions/*.kql
run "every pattern matches a record of the kernel's" node test/kql/check.cjs --patterns test/corpus/records/small.log docs/kql/*.kql docs/kql/functions/*.kql
run "every member of an event is in its schema" node test/kql/check.cjs --members docs/event.schema.json docs/kql/*.kql docs/kql/functions/*.kql
run "the time is the first filter on every table, and in every call" node test/kql/check.cjs --times docs/kql/*.kql docs/kql/functions/*.kql
asim() { node test/kql/check.cjs --asim "$packages" test/kql/tables.json docs/kql/functions "$@"; }
run "ASIM: parameters, mandatory columns, aliases" asim docs/kql/functions/vim*.kql
once() {
  [ -x artifacts/aks-auditd ] || { echo "needs artifacts/aks-auditd: run ./build.sh"; return 77; }
  artifacts/aks-auditd events --from audit-log test/corpus/records/small.log --to stdout >"$work/events.json" && [ -s "$work/events.json" ] &&
    node test/kql/check.cjs --once test/corpus/records/small.log "$work/events.json" "${1:-docs/kql/functions}"
}
run "a record and an event that arrive twice are one row" once
run "the readme lists every file" every_file_is_listed

# A check that cannot fail is none.
sed 's/Facility ==/Facilty ==/' docs/kql/functions/AuditRecords.kql >"$work/column.kql"
sed 's/by Key$/by Kee/' docs/kql/cost-by-key.kql >"$work/function.kql"
sed 's/| order by/| order bye/' docs/kql/find-the-data.kql >"$work/syntax.kql"
cp -r docs/kql/functions "$work/functions"
sed -i 's/= Exe,/= Exee,/' "$work/functions/vimProcessEventAksAuditd.kql"
sed 's/Event.kubernetes.pod.name/Event.kubernetes.pod.label/' docs/kql/functions/AuditJson.kql >"$work/functions/AuditJson.kql"
unknown_member() { ! node test/kql/check.cjs --members docs/event.schema.json "$work/functions/AuditJson.kql"; }
run "found: a member that no event has" unknown_member
mkdir -p "$work/wrong/functions"
sed '/^| where (isnull(starttime)/d' docs/kql/functions/AuditRecords.kql >"$work/wrong/functions/AuditRecords.kql"
sed 's/^AuditEvents(ago(1d))/AuditEvents()/' docs/kql/cost-by-key.kql >"$work/wrong/cost-by-key.kql"
sed 's/actorusername_has: string = "\*", targetusername_has: string = "\*"/targetusername_has: string = "*", actorusername_has: string = "*"/; s/^ *ActorUsername,$//' \
  docs/kql/functions/vimProcessEventAksAuditd.kql >"$work/wrong/functions/vimProcessEventAksAuditd.kql"
# refused TEXT COMMAND…: the command fails and says TEXT.
refused() {
  local output text=$1; shift
  if output=$("$@"); then echo "not found: $text"; return 1; fi
  grep -F -- "$text" <<<"$output" || { echo "no '$text' in:"; echo "$output"; return 1; }
}
wrong_asim() {
  cp docs/kql/functions/Audit*.kql "$work/wrong/functions/" &&
    node test/kql/check.cjs --asim "$packages" test/kql/tables.json "$work/wrong/functions" "$work/wrong/functions/vimProcessEventAksAuditd.kql"
}
run "found: a table without a time" refused 'Syslog is not filtered' node test/kql/check.cjs --times "$work/wrong/functions/AuditRecords.kql"
run "found: a call without a time" refused 'AuditEvents is called without a time' node test/kql/check.cjs --times "$work/wrong/cost-by-key.kql"
mkdir "$work/merged" && cp docs/kql/functions/*.kql "$work/merged/" && sed -i 's/by Node = Computer, EventId, RecordType, Body/by Node = Computer, EventId, RecordType/' "$work/merged/AuditRecords.kql"
mkdir "$work/doubled" && cp docs/kql/functions/*.kql "$work/doubled/" && sed -i 's/(?:#035|.x1d|\$)/$/' "$work/doubled/AuditRecords.kql"
# wrong_key FOLDER: the check ran, and found that the rows are not as many as the records.
wrong_key() { local status=0; once "$1" || status=$?; [ "$status" != 77 ] || return 77; [ "$status" = 1 ]; }
run "found: a key that takes two records for one" wrong_key "$work/merged"
run "found: a key that takes one record for two" wrong_key "$work/doubled"
run "found: ASIM's parameters in another order" refused 'the parameters are' wrong_asim
run "found: a mandatory column that is not there" refused 'column ActorUsername is missing' wrong_asim
functions=$work/functions binds "$work"/*.kql "$work/functions/vimProcessEventAksAuditd.kql" >"$work/found"
run "found: a wrong column of a table" finds "'Facilty' does not refer" "$work/column.kql"
run "found: a wrong column of a function" finds "'Kee' does not refer" "$work/function.kql"
run "found: wrong syntax" finds 'Error KS' "$work/syntax.kql"
run "found: a wrong column inside a function" finds "'Exee' does not refer" "$work/functions/vimProcessEventAksAuditd.kql"
finish
