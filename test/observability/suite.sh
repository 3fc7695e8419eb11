#!/usr/bin/env bash
# Checks deploy/observability with promtool, and lets a real Prometheus scrape the real agent. Ends with "N passed, N failed, N skipped".
# shellcheck disable=SC2317,SC2015,SC2016 # checks are functions that scenario calls; backquotes are Markdown's
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.." || exit
# shellcheck source=../lib/suites.sh
. test/lib/suites.sh
# shellcheck source=../lib/cache.sh
. test/lib/cache.sh
# shellcheck source=../../demo/lib.sh
. demo/lib.sh

[ -x artifacts/aks-auditd ] || give_up "artifacts/aks-auditd is missing: run ./build.sh"
command -v apt-get >/dev/null || skip_all "needs apt-get for Prometheus" 4

# Unpacked, not installed: the package would start a service.
fetch_prometheus() { # FOLDER
  cd "$1" || return
  flock /run/lock/aks-auditd-apt apt-get update -qq || true
  apt-get -o APT::Sandbox::User=root download -qq prometheus && dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb
}
prometheus_folder() { cached prometheus "$(key_of prometheus-1)" fetch_prometheus; }
tools=$(prometheus_folder) || give_up "no Prometheus"
PATH=$tools/usr/bin:$PATH

work=$(mktemp -d /tmp/aks-auditd-observability.XXXXXX)
agent='' prometheus=''
put_back() {
  trap - EXIT INT TERM
  [ -z "$prometheus" ] || { kill "$prometheus" 2>/dev/null; wait "$prometheus" 2>/dev/null; }
  [ -z "$agent" ] || { kill "$agent" 2>/dev/null; wait "$agent" 2>/dev/null; }
  [ ! -d "$work/saved" ] || audit_restore "$work/saved"
  rm -rf "$work"
}
trap put_back EXIT
trap 'exit 130' INT TERM

run() { scenario "$1" "artifacts/observability/$(tr -c 'a-z0-9\n' - <<<"$1").log" "${@:2}"; }
until_true() { # SECONDS COMMAND…
  local end=$((SECONDS + $1)); shift
  until "$@"; do [ "$SECONDS" -lt "$end" ] || { echo "not within the time: $*"; return 1; }; sleep 0.2; done
}
ready() { curl -fsS "http://127.0.0.1:19813/readyz" >/dev/null 2>&1; }

# value QUERY: the value of the only sample, from Prometheus.
value() {
  curl -fsS --get --data-urlencode "query=$1" http://127.0.0.1:19814/api/v1/query | grep -oE '"value":\[[^]]*\]' | grep -oE '"[^"]*"\]' | tr -d '"]'
}
has_value() { [ "$(value "$1" 2>/dev/null)" = "$2" ]; }

rules_are_valid() { promtool check rules deploy/observability/rules.yaml; }
rules_are_tested() { (cd deploy/observability && promtool test rules tests.yaml); }

# Every metric that the rules use is one of docs/metrics.md's, or kube-state-metrics'.
rules_use_our_metrics() {
  sed 's/#.*//' deploy/observability/rules.yaml | grep -oE '\b(aks_auditd|kube)_[a-z_]+' | sort -u >"$work/used"
  sed -nE 's/^\| `([a-z_]+)` \|.*/\1/p' docs/metrics.md | cat - <(echo kube_node_info) | sort -u >"$work/known"
  comm -23 "$work/used" "$work/known" >"$work/unknown"
  [ -s "$work/used" ] && [ ! -s "$work/unknown" ] || { echo "not in docs/metrics.md:"; cat "$work/unknown"; return 1; }
}

start_agent() {
  audit_save "$work/saved"
  volume_write "$work/rules" v0 deploy/helm/aks-auditd/files/rules/*.rules
  volume_write "$work/plugins" v0 deploy/helm/aks-auditd/files/plugins/syslog.conf
  : >"$work/config.yaml"
  AA_CONFIG=$work/config.yaml AA_HOST_ROOT=/ AA_RULES_SOURCE=$work/rules AA_PLUGINS_SOURCE=$work/plugins AA_STATE_DIR=$work/state AA_DRIFT=report \
    AA_LISTEN=127.0.0.1:19813 AA_POLL_INTERVAL=500ms artifacts/aks-auditd run 2>"$work/log" 9>&- &
  agent=$!
  until_true 20 ready || { cat "$work/log"; return 1; }
}

metrics_are_clean() { curl -fsS http://127.0.0.1:19813/metrics | tee "$work/metrics" | promtool check metrics; }

prometheus_scrapes() {
  cat >"$work/prometheus.yml" <<YAML
global: { scrape_interval: 500ms, evaluation_interval: 500ms }
rule_files: [$PWD/deploy/observability/rules.yaml]
scrape_configs:
  - job_name: aks-auditd
    static_configs: [{ targets: ['127.0.0.1:19813'], labels: { node: here } }]
YAML
  prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" --web.listen-address=127.0.0.1:19814 >"$work/prometheus.log" 2>&1 9>&- &
  prometheus=$!
  until_true 10 has_value 'aks_auditd_policy_in_sync{node="here"}' 1 || { tail -n 20 "$work/prometheus.log"; return 1; }
  until_true 5 has_value 'aks_auditd:ready:ratio' 1 || return
  has_value 'up{job="aks-auditd"}' 1 && has_value 'aks_auditd_rules{state="loaded"}' "$(auditctl -l | grep -c '^-')"
}

# A drift is in Prometheus a moment after it happened, and the alert waits for its time.
drift_arrives() {
  auditctl -D >/dev/null
  until_true 8 has_value aks_auditd_policy_in_sync 0 || return
  until_true 3 has_value 'ALERTS{alertname="AksAuditdNotInSync",alertstate="pending"}' 1
}

run "rules are valid" rules_are_valid
run "rules fire and are silent as they should" rules_are_tested
run "rules use metrics that there are" rules_use_our_metrics
if [ "$(id -u)" = 0 ] && command -v auditctl >/dev/null; then
  exec 9>/run/lock/aks-auditd-tests
  flock 9
  if start_agent; then
    run "metrics are clean" metrics_are_clean
    run "a real Prometheus scrapes the agent" prometheus_scrapes
    run "a drift arrives" drift_arrives
  else
    give_up "the agent did not start"
  fi
else
  skip "a real Prometheus scrapes the agent: needs root and auditctl"
fi
finish
