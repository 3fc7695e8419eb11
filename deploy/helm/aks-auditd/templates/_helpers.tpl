{{/* Optional blocks that somebody has set to null are off. The schema requires the others. */}}
{{- define "aks-auditd.blocks" -}}
{{- range list "namespace" "serviceAccount" "oms" "events" "uninstall" "networkPolicy" "serviceMonitor" -}}
{{- if not (index $.Values .) -}}{{- $_ := set $.Values . dict -}}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "aks-auditd.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "aks-auditd.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := .Values.fullnameOverride | default (ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name)) -}}
{{- if and .Values.nodePool (not (hasSuffix (printf "-%s" .Values.nodePool) $full)) -}}
{{- $full = printf "%s-%s" $full .Values.nodePool -}}
{{- end -}}
{{- $full | trunc 52 | trimSuffix "-" -}}
{{- end }}

{{- define "aks-auditd.selector" -}}
app.kubernetes.io/name: {{ include "aks-auditd.name" . }}
app.kubernetes.io/instance: {{ include "aks-auditd.fullname" . }}
{{- end }}

{{- define "aks-auditd.labels" -}}
{{ include "aks-auditd.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "aks-auditd.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "aks-auditd.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end }}

{{- define "aks-auditd.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end }}

{{- define "aks-auditd.hasOms" -}}
{{- if and .Values.config.logAnalyticsWorkspaceId (or .Values.oms.existingConfigMap .Values.oms.files) -}}true{{- end -}}
{{- end }}

{{/* The kernel's multicast group speaks only in the first network namespace. */}}
{{- define "aks-auditd.hostNetwork" -}}
{{- if and (not .Values.uninstall.enabled) (or .Values.hostNetwork .Values.events.enabled .Values.agent.instantDrift) -}}true{{- end -}}
{{- end }}

{{- define "aks-auditd.config" -}}
{{- with .Values.config -}}
# Configuration of aks-auditd. A key that is not here has its default; an environment variable wins over this file.

# How much is logged: panic, fatal, error, warn, info, debug or trace. AA_LOG_LEVEL
logLevel: {{ .logLevel }}

# How often the node is compared with the policy: 30s, 20m, 1h15m30.5s. AA_POLL_INTERVAL
pollInterval: {{ .pollInterval }}

# Apply a changed ConfigMap at once instead of at the next poll. AA_WATCH
watch: {{ .watch }}

# Where rules go on the node. AA_RULES_DIR
rulesDirectory: {{ .rulesDirectory }}

# Where plugin files go on the node; auditd 2.x: /etc/audisp/plugins.d. AA_PLUGINS_DIR
pluginsDirectory: {{ .pluginsDirectory }}

# auditd's own configuration file on the node; replaced by an auditd.conf among the plugin files, where there is one. AA_AUDITD_CONF
auditdConf: {{ .auditdConf }}

# Where rules come from: a mounted ConfigMap. AA_RULES_SOURCE
rulesSource: /auditd-rules

# Where plugin files come from: a mounted ConfigMap, or none to leave plugins alone. AA_PLUGINS_SOURCE
pluginsSource: {{ ternary "/audisp-plugins" "none" $.Values.plugins.enabled }}

# Where the legacy OMS agent's files come from and go to; only with a workspace id. AA_OMS_SOURCE, AA_OMS_DIR
omsSource: /oms-config
omsDirectory: {{ .omsDirectory | quote }}

# The Log Analytics workspace of the legacy OMS agent. LOG_ANALYTICS_WORKSPACE_ID
{{ if .logAnalyticsWorkspaceId }}logAnalyticsWorkspaceId: {{ .logAnalyticsWorkspaceId | quote }}{{ else }}# logAnalyticsWorkspaceId: 00000000-0000-0000-0000-000000000000{{ end }}

# Where the node's root is mounted. AA_HOST_ROOT
hostRoot: /node

# What the agent remembers, on the node: the last good policy, its hash, when and with what result it was applied. AA_STATE_DIR
stateDirectory: {{ .stateDirectory }}

# auditd; embedded: no auditd on the node, the agent is the audit daemon; or auto: auditd where it is or can be installed, else embedded. AA_MODE
mode: {{ .mode }}

# When events cannot leave the node: report makes the pod degraded, require makes it not ready. AA_DELIVERY
delivery: {{ .delivery }}

# Where the node's syslog daemon is to forward to: Container Insights listens there. none: this is not looked at. AA_FORWARDER
forwarder: {{ .forwarder | quote }}

# mirror: what is not in the ConfigMap is removed. overlay: files that are not the agent's are left alone. AA_SYNC
sync: {{ .sync }}

# What happens when somebody changed the node: repair, or report. AA_DRIFT
drift: {{ .drift }}

# The programs that a plugin file may name; auditd runs them as root. By absolute path, a directory with a final /, separated by commas; or any.
# AA_ALLOWED_PLUGINS
allowedPlugins: {{ join "," .allowedPlugins | quote }}

# Probes, metrics and status. AA_LISTEN
listen: 0.0.0.0:{{ $.Values.agent.port }}
{{- end }}
{{- end }}

{{/* Directories on the node that the agent writes to, none inside another. */}}
{{- define "aks-auditd.writable" -}}
{{- $config := .Values.config -}}
{{- $wanted := list $config.stateDirectory -}}
{{- if ne $config.mode "embedded" -}}
{{- $wanted = concat $wanted (list "/etc/audit" $config.rulesDirectory) -}}
{{- if .Values.plugins.enabled -}}{{- $wanted = concat $wanted (list $config.pluginsDirectory (dir $config.auditdConf)) -}}{{- end -}}
{{- end -}}
{{- if include "aks-auditd.hasOms" . -}}
{{- $wanted = append $wanted ($config.omsDirectory | replace "{workspaceId}" $config.logAnalyticsWorkspaceId) -}}
{{- end -}}
{{- $wanted = concat $wanted (.Values.node.extraWritable | default list) | uniq | sortAlpha -}}
{{- $kept := list -}}
{{- range $directory := $wanted -}}
{{- $inside := false -}}
{{- range $kept -}}{{- if hasPrefix (printf "%s/" .) $directory -}}{{- $inside = true -}}{{- end -}}{{- end -}}
{{- if not $inside -}}{{- $kept = append $kept $directory -}}{{- end -}}
{{- end -}}
{{- $kept | toJson -}}
{{- end }}

{{/* Files of a ConfigMap: the chart's defaults, then the values', which replace files of the same name. Each ends in a newline: auditd's tools join files. */}}
{{- define "aks-auditd.files" -}}
{{- if and .set.existingConfigMap .set.files -}}
{{- fail (printf "%s.existingConfigMap and %s.files exclude each other: the files would be in no ConfigMap" .name .name) -}}
{{- end -}}
{{- $files := dict -}}
{{- if .set.defaults -}}
{{- range $path, $content := .root.Files.Glob .glob -}}{{- $_ := set $files (base $path) (toString $content) -}}{{- end -}}
{{- end -}}
{{- range $name, $content := .set.files -}}{{- $_ := set $files $name (printf "%s\n" (trimSuffix "\n" $content)) -}}{{- end -}}
{{- toYaml $files -}}
{{- end }}

{{- define "aks-auditd.env" -}}
{{- range $name, $value := .Values.env }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{/* For events: the host name in a pod is the pod's. */}}
{{- define "aks-auditd.nodeName" -}}
- { name: NODE_NAME, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }
{{- end }}

{{/* The Linux security modules' part of a container's securityContext, from its values: appArmorProfile (Kubernetes 1.30 and later) and seLinuxOptions. */}}
{{- define "aks-auditd.confinement" -}}
{{- if and .values.appArmorProfile (semverCompare ">=1.30-0" .root.Capabilities.KubeVersion.Version) }}
appArmorProfile: {{- toYaml .values.appArmorProfile | nindent 2 }}
{{- end }}
{{- with .values.seLinuxOptions }}
seLinuxOptions: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The same before Kubernetes 1.30: an annotation of the pod for each container. */}}
{{- define "aks-auditd.appArmorAnnotations" -}}
{{- if semverCompare "<1.30-0" .Capabilities.KubeVersion.Version -}}
{{- $containers := dict "agent" .Values.agent -}}
{{- if .Values.uninstall.enabled -}}
{{- $containers = dict "uninstall" .Values.install -}}
{{- else -}}
{{- if include "aks-auditd.installs" . -}}{{- $_ := set $containers "install" .Values.install -}}{{- end -}}
{{- if .Values.events.enabled -}}{{- $_ := set $containers "events" .Values.events -}}{{- end -}}
{{- end -}}
{{- range $name, $values := $containers }}
{{- with $values.appArmorProfile }}
{{- if eq .type "Localhost" }}
container.apparmor.security.beta.kubernetes.io/{{ $name }}: {{ printf "localhost/%s" (required (printf "%s.appArmorProfile: type Localhost needs localhostProfile" $name) .localhostProfile) }}
{{- else }}
container.apparmor.security.beta.kubernetes.io/{{ $name }}: {{ eq .type "Unconfined" | ternary "unconfined" "runtime/default" }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
{{- end }}

{{/* Whether there is an init container that installs. */}}
{{- define "aks-auditd.installs" -}}
{{- if and .Values.install.enabled (ne .Values.config.mode "embedded") -}}true{{- end -}}
{{- end }}
