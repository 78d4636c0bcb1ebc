{{- define "trimtab.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- /* What the values say of a Deployment and its pods. */}}
{{- define "trimtab.deployment" -}}
{{- $values := .root.Values }}
{{- $one := eq .object.metadata.name "trimtab" | ternary $values.webhook $values.controller }}
{{- $template := .object.spec.template }}
{{- $container := first $template.spec.containers }}
{{- $_ := set .object.spec "replicas" $one.replicas }}
{{- $_ := set $container "resources" $one.resources }}
{{- if $values.singleNode }}
{{- $_ := set .object.spec "replicas" 1 }}
{{- $_ := unset $template.spec "topologySpreadConstraints" }}
{{- end }}
{{- include "trimtab.pod" (dict "spec" $template.spec "root" .root) }}
{{- $_ := set $template.metadata "annotations" (mergeOverwrite $template.metadata.annotations $values.podAnnotations) }}
{{- range $key, $value := $values.podLabels }}
{{- if hasKey $template.metadata.labels $key }}
{{- fail (printf "podLabels: the chart sets %s itself. Take it out of the values" $key) }}
{{- end }}
{{- $_ := set $template.metadata.labels $key $value }}
{{- end }}
{{- if and (eq .object.metadata.name "trimtab-controller") (eq $values.certificates.provider "own") }}
{{- $_ := set $container "env" (append $container.env (dict "name" "TRIMTAB_CERTIFICATES" "value" "own")) }}
{{- end }}
{{- $env := $container.env }}
{{- range $extra := $values.extraEnv }}
{{- range $container.env }}
{{- if eq .name $extra.name }}
{{- fail (printf "extraEnv: the chart sets %s itself. Take it out of the values" .name) }}
{{- end }}
{{- end }}
{{- $env = append $env $extra }}
{{- end }}
{{- $_ := set $container "env" $env }}
{{- end }}

{{- /* What the values say of every pod, the one of helm test too. */}}
{{- define "trimtab.pod" -}}
{{- $values := .root.Values }}
{{- $container := first .spec.containers }}
{{- $_ := set $container "image" (include "trimtab.image" .root) }}
{{- $_ := set $container "imagePullPolicy" $values.image.pullPolicy }}
{{- with $values.image.pullSecrets }}
{{- $secrets := list }}
{{- range . }}
{{- $secrets = append $secrets (dict "name" .) }}
{{- end }}
{{- $_ := set $.spec "imagePullSecrets" $secrets }}
{{- end }}
{{- if $values.openshift.enabled }}
{{- $_ := set .spec "securityContext" (omit .spec.securityContext "runAsUser" "runAsGroup" "fsGroup") }}
{{- end }}
{{- range $field := list "priorityClassName" "nodeSelector" "tolerations" "affinity" }}
{{- with get $values $field }}
{{- $_ := set $.spec $field . }}
{{- end }}
{{- end }}
{{- end }}
