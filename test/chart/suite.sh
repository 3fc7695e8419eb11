#!/usr/bin/env bash
# Checks what is deployed: chart, plain manifests, image. Ends with "N passed, N failed, N skipped". Needs no cluster.
# shellcheck disable=SC2317,SC2015 # checks are functions that scenario calls
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.." || exit
# shellcheck source=../lib/suites.sh
. test/lib/suites.sh

[ -x artifacts/aks-auditd ] || give_up "artifacts/aks-auditd is missing: run ./build.sh"
if [ "$(id -u)" = 0 ]; then
  install_packages unzip buildah
  command -v npm >/dev/null || install_packages npm
fi
command -v npm >/dev/null && command -v unzip >/dev/null || skip_all "needs npm and unzip" 1
mkdir -p artifacts/chart
{ tools=$(test/kubernetes/tools.sh) && schemas=$(test/chart/schemas.sh); } 2>artifacts/chart-build.log ||
  { cat artifacts/chart-build.log; give_up "no helm or no schemas"; }
PATH=$tools:$PATH
chart=deploy/helm/aks-auditd
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() { scenario "$1" "artifacts/chart/$(tr -c 'a-z0-9\n' - <<<"$1").log" "${@:2}"; }
template() { helm template test "$chart" --namespace test "$@" >"$work/rendered.yaml"; }
valid() { node test/chart/validate.mjs "$schemas" "$@"; }

# renders_valid OPTION…: with these values the chart gives valid objects.
renders_valid() { template "$@" && valid "$work/rendered.yaml"; }

# renders TEXT OPTION…: what is rendered has this line (blanks around it aside).
renders() { template "${@:2}" && grep -qE "^[ -]*$1\$" "$work/rendered.yaml" || { echo "no line '$1'"; return 1; }; }
renders_not() { template "${@:2}" && ! grep -E "^[ -]*$1\$" "$work/rendered.yaml"; }

# refused REASON OPTION…: helm refuses these values and says REASON.
refused() {
  local reason=$1 output; shift
  if output=$(helm template test "$chart" "$@" 2>&1); then echo "accepted: $*"; return 1; fi
  grep -qF -- "$reason" <<<"$output" || { echo "refused without '$reason':"; echo "$output"; return 1; }
}

# invalid FILE TEXT: the schema check finds TEXT in it.
invalid() {
  local output
  if output=$(valid "$1"); then echo "accepted: $1"; return 1; fi
  grep -qF -- "$2" <<<"$output" || { echo "no '$2' in:"; echo "$output"; return 1; }
}

# The agent gets as far as its work with the rendered configuration: exit status 2 is for a configuration that it does not understand.
agent_reads_config() {
  local status=0
  template "$@"
  awk '/^  config.yaml: \|/ { inside = 1; next } inside && /^(---|[a-z])/ { exit } inside { sub(/^    /, ""); print }' "$work/rendered.yaml" |
    sed "s#^hostRoot: .*#hostRoot: $work/no-such-node#" >"$work/config.yaml"
  grep -q '^hostRoot:' "$work/config.yaml" || { echo "no config.yaml in the ConfigMap"; return 1; }
  AA_CONFIG=$work/config.yaml timeout 20 artifacts/aks-auditd run || status=$?
  [ "$status" != 2 ] && [ "$status" != 124 ] || { echo "exit status $status"; return 1; }
}

# What helm makes of a rule file is what was in it, byte by byte.
files_arrive() {
  printf '  # blanks first\n-w /etc/passwd -p wa -k "odd: {{ key }}"\t\n\n-a never,exit' >"$work/odd.rules"
  template --set-file "rules.files.20-odd\.rules=$work/odd.rules" --set rules.defaults=false
  node -e '
    const { parseAllDocuments } = require(process.argv[1] + "/node_modules/yaml");
    const fs = require("fs");
    const map = parseAllDocuments(fs.readFileSync(process.argv[2], "utf8")).map((d) => d.toJS()).find((o) => o?.data?.["20-odd.rules"] !== undefined);
    require("assert").equal(map.data["20-odd.rules"], fs.readFileSync(process.argv[3], "utf8") + "\n");
    require("assert").deepEqual(Object.keys(map.data), ["20-odd.rules"]);' "$schemas" "$work/rendered.yaml" "$work/odd.rules"
}

# The command of rules/README.md, but for what needs a cluster; what the chart makes of the packs passes the check.
packs_arrive() {
  local command
  command=$(sed -n '/^helm upgrade --install/,/^```/p' rules/README.md | sed '/^```/d; s/^helm upgrade --install/helm template/; s/--reset-then-reuse-values//')
  bash -c "$command" >"$work/packs.yaml" || return
  [ "$(grep -cE '^  [0-9]+-[a-z-]+\.rules: \|' "$work/packs.yaml")" = "$(find rules -name '*.rules' | wc -l)" ] || { echo "not every pack is in the ConfigMap"; return 1; }
  artifacts/aks-auditd check "$work/packs.yaml" --arch x86_64,aarch64 --warnings-as-errors
}

# A rule about one program comes before the chart's rule about all of them, which would take its events.
own_rules_first() {
  echo '-a always,exit -F arch=b64 -S execve -F exe=/usr/bin/passwd -k mine' >"$work/mine.rules"
  template --set-file "rules.files.20-mine\.rules=$work/mine.rules" && artifacts/aks-auditd compile "$work/rendered.yaml" >"$work/compiled" || return
  [ "$(grep -o 'key=[a-z]*' "$work/compiled" | xargs)" = "key=mine key=procmon key=procmon" ] || { cat "$work/compiled"; return 1; }
}

safeguards() { template "$@" && node test/chart/safeguards.mjs "$schemas" "$work/rendered.yaml"; }
events_privileges() { template --set events.enabled=true && node test/chart/events-privileges.mjs "$schemas" "$work/rendered.yaml"; }
embedded_privileges() {
  template --set config.mode=embedded && ! grep -nE 'hostNetwork|AUDIT_READ|mountPath: "?/node/etc' "$work/rendered.yaml" &&
    grep -q 'mountPath: "/node/var/lib/aks-auditd"' "$work/rendered.yaml"
}

# An image that has the package files, as root's, and nothing else that is new. Needs no mirror: the files are given, and any will do.
with_packages() {
  mkdir -p "$work/packages" && echo deb >"$work/packages/auditd_1_all.deb" && echo no >"$work/packages/readme" || return
  printf '#!/bin/sh\nexec buildah --root %s/store --runroot %s/run --storage-driver vfs "$@"\n' "$work" "$work" >"$work/engine"
  printf '[containers]\ndefault_ulimits = []\n[engine]\ncgroup_manager = "cgroupfs"\n' >"$work/containers.conf"
  chmod +x "$work/engine"
  export CONTAINERS_CONF=$work/containers.conf
  local name container mounted
  name=aks-auditd:$(artifacts/aks-auditd --version | sed 's/+.*//')
  "$work/engine" pull -q "docker-archive:artifacts/image/aks-auditd.tar" &&
    ENGINE=$work/engine deploy/image/with-packages.sh "localhost/$name" localhost/with-packages:1 --files "$work/packages" &&
    container=$("$work/engine" from localhost/with-packages:1) && mounted=$("$work/engine" mount "$container") || return
  [ "$(find "$mounted/packages" -type f -printf '%f %U %G\n')" = "auditd_1_all.deb 0 0" ] || { find "$mounted/packages" -ls; return 1; }
  [ -x "$mounted/usr/local/bin/aks-auditd" ] || return
  ! ENGINE=$work/engine deploy/image/with-packages.sh "localhost/$name" localhost/none:1 --files "$work/store" || { echo "a directory without packages was taken"; return 1; }
}

same_version() {
  local chart_version binary
  chart_version=$(awk '$1 == "appVersion:" { print $2 }' "$chart/Chart.yaml")
  binary=$(artifacts/aks-auditd --version)
  [ "${binary%%+*}" = "$chart_version" ] || { echo "chart $chart_version, binary $binary"; return 1; }
}

run "helm lint --strict" helm lint --strict "$chart"
run "plain manifests are what the chart says" deploy/render.sh --check
run "plain manifests are valid in the current Kubernetes API" valid deploy/kubernetes/*.yaml
run "least privilege" node test/chart/privileges.mjs "$schemas" deploy/kubernetes/daemonset.yaml
run "chart and binary have the same version" same_version

run "valid: every option at once" renders_valid --set events.enabled=true,agent.instantDrift=true,nodePool=gpu \
  --set serviceMonitor.enabled=true,networkPolicy.denyEgress=true,install.args='{--packages,/packages}' \
  --set config.logAnalyticsWorkspaceId=0-1,oms.files.'a\.conf'=x,env.AA_LOG_LEVEL=debug,imagePullSecrets='{s}' \
  --set podLabels.a=b,podAnnotations.c=d,node.extraWritable='{/opt/x}',namespace.create=true \
  --set 'extraVolumes[0].name=p,extraVolumes[0].emptyDir.medium=Memory,extraVolumeMounts[0].name=p,extraVolumeMounts[0].mountPath=/p'
run "valid: embedded" renders_valid --set config.mode=embedded
run "valid: uninstall" renders_valid --set uninstall.enabled=true,uninstall.packages=true
run "valid: somebody else's ConfigMaps" renders_valid --set rules.existingConfigMap=mine,plugins.existingConfigMap=mine-too
run "embedded: no init container" renders_not 'name: install' --set config.mode=embedded
run "json: our plugin" renders 'path = /usr/local/lib/aks-auditd/aks-auditd' --set plugins.format=json
run "json: not the raw records too" renders_not 'path = /sbin/audisp-syslog' --set plugins.format=json
run "json straight to Container Insights" renders 'to: container-insights.facility=local6&severity=info' --set plugins.format=json,plugins.to=container-insights
run "raw straight to Container Insights: our plugin" renders 'path = /usr/local/lib/aks-auditd/aks-auditd' --set plugins.to=container-insights
run "raw straight to Container Insights: records" renders 'format: records' --set plugins.to=container-insights
run "json by way of syslog: not records" renders_not 'format: records' --set plugins.format=json
run "json with mode auto: standard output where the agent is the audit daemon" renders 'embeddedTo: stdout' --set plugins.format=json,config.mode=auto
run "json with mode auto: the node's port with hostNetwork" renders 'embeddedTo: container-insights.*' --set plugins.format=json,plugins.to=container-insights,config.mode=auto,hostNetwork=true
run "events: hostNetwork" renders 'hostNetwork: true' --set events.enabled=true
run "events: what the container may do and see" events_privileges
run "embedded: events go to standard output" renders_not 'to: syslog' --set config.mode=embedded,plugins.format=json
run "embedded: no hostNetwork, nothing of auditd's is writable" embedded_privileges
run "instant drift: AUDIT_READ" renders 'AUDIT_READ' --set agent.instantDrift=true
run "a node pool's release has its name" renders 'name: test-aks-auditd-gpu' --set nodePool=gpu
run "a node pool's release has its nodes" renders 'kubernetes.azure.com/agentpool: gpu' --set nodePool=gpu
run "a node pool's release without other labels of nodes" renders_valid --set nodeSelector=null,nodePool=gpu
run "a node pool's release without other labels of nodes has its nodes" renders 'kubernetes.azure.com/agentpool: gpu' --set nodeSelector=null,nodePool=gpu
run "no labels of nodes: no nodeSelector" renders_not 'nodeSelector:.*' --set nodeSelector=null
run "json without install: a plugin file of one's own" renders_valid --set plugins.format=json,install.enabled=false --set 'plugins.files.aks-auditd\.conf=active = no'
run "json without install: somebody else's ConfigMap" renders_valid --set plugins.format=json,install.enabled=false,plugins.existingConfigMap=mine
run "json without install: embedded" renders_valid --set plugins.format=json,install.enabled=false,config.mode=embedded
run "json without install: plugins left alone" renders_valid --set plugins.format=json,install.enabled=false,plugins.enabled=false
run "json without install: uninstall" renders_valid --set plugins.format=json,install.enabled=false,uninstall.enabled=true
run "raw without install" renders_valid --set install.enabled=false
for block in namespace serviceAccount oms events uninstall networkPolicy serviceMonitor uninstall.enabled agent.instantDrift node.extraWritable install.args agent.resources; do
  run "valid: $block is null" renders_valid --set "$block=null"
done
run "refused: a block that must be there is null" refused "missing property 'config'" --set config=null
run "Kubernetes before 1.30: no recursiveReadOnly" renders_not 'recursiveReadOnly: .*' --kube-version 1.29.0
run "auto: install, and the node's name for the agent" renders 'mode: auto' --set config.mode=auto
run "valid: auto" renders_valid --set config.mode=auto
run "SELinux: the type for containers that manage the node" renders 'type: spc_t'
run "AppArmor: nothing is named, so that a pod starts on every node" renders_not 'appArmorProfile:.*'
run "AppArmor: a profile of one's own" renders 'localhostProfile: aks-auditd' --kube-version 1.33.0 --set agent.appArmorProfile.type=Localhost,agent.appArmorProfile.localhostProfile=aks-auditd
run "valid: an AppArmor profile for each container" renders_valid --kube-version 1.33.0 --set events.enabled=true,install.appArmorProfile.type=Unconfined \
  --set agent.appArmorProfile.type=Localhost,agent.appArmorProfile.localhostProfile=aks-auditd,events.appArmorProfile.type=RuntimeDefault
run "AppArmor before Kubernetes 1.30: an annotation" renders 'container.apparmor.security.beta.kubernetes.io/agent: localhost/aks-auditd' --kube-version 1.29.0 \
  --set agent.appArmorProfile.type=Localhost,agent.appArmorProfile.localhostProfile=aks-auditd
for with in events.enabled=false events.enabled=true uninstall.enabled=true; do
  run "AKS Automatic: probes, requests and tolerations, $with" safeguards -f "$chart/presets/aks-automatic.yaml" --set "$with"
done
run "valid: AKS Automatic" renders_valid -f "$chart/presets/aks-automatic.yaml" --set events.enabled=true
run "embedded, straight to the node's port: hostNetwork" renders 'hostNetwork: true' --set config.mode=embedded,hostNetwork=true
run "rule files arrive as they are" files_arrive
run "rules of one's own come before the chart's" own_rules_first
run "rule packs arrive as rules/README.md says" packs_arrive
run "the agent understands the chart's config.yaml" agent_reads_config
run "the agent understands a config.yaml with other values" agent_reads_config \
  --set config.mode=embedded,config.sync=overlay,config.drift=report,config.pollInterval=1h15m30.5s,plugins.enabled=false,config.logAnalyticsWorkspaceId=0-1

run "refused: unknown value" refused 'colour' --set colour=red
run "refused: unknown configuration key" refused 'pollIntervall' --set config.pollIntervall=30s
run "refused: number for a duration" refused 'pollInterval' --set config.pollInterval=30
run "refused: text for a port" refused 'port' --set agent.port=http
run "refused: text for a switch" refused 'enabled' --set-string events.enabled=yes
run "refused: unknown mode" refused 'mode' --set config.mode=audit
run "refused: an AppArmor profile without a name" refused 'localhostProfile' --set agent.appArmorProfile.type=Localhost
run "refused: a forwarder by name" refused 'forwarder' --set config.forwarder=collector:514
run "refused: rule file with another ending" refused 'rules/files' --set rules.files.mine=x
run "refused: relative directory" refused 'rulesDirectory' --set config.rulesDirectory=rules.d
run "refused: short digest" refused 'digest' --set image.digest=sha256:0
run "refused: files for somebody else's ConfigMap" refused 'exclude each other' --set rules.existingConfigMap=mine,rules.files.'a\.rules'=x
run "refused: json without install" refused 'no event would leave the nodes' --set plugins.format=json,install.enabled=false

# A check that cannot fail is none.
template 2>/dev/null
sed 's/allowPrivilegeEscalation:/allowPrivilegeEscalations:/' "$work/rendered.yaml" >"$work/unknown-field.yaml"
sed 's/terminationGracePeriodSeconds: 30/terminationGracePeriodSeconds: soon/' "$work/rendered.yaml" >"$work/wrong-type.yaml"
run "the schema check finds an unknown field" invalid "$work/unknown-field.yaml" 'containers/0/securityContext/allowPrivilegeEscalations: unknown field'
run "the schema check finds a wrong type" invalid "$work/wrong-type.yaml" 'terminationGracePeriodSeconds'

if [ "$(id -u)" = 0 ] && command -v buildah >/dev/null; then
  run "the image" deploy/image/build-local.sh
  tail -n 2 artifacts/chart/the-image.log
  run "the image with packages in it" with_packages
else
  run "the image" sh -c 'echo "needs root and buildah"; exit 77'
fi
finish
