{{- /*
One source with kustomize: the folders in files/ are links to those in deploy/. The templates read
those objects and change what the values say. ChartTest compares the result with what kustomize builds.
*/}}

{{- /* The files to read, as a JSON list. The release's namespace exists already: Helm keeps the release in it. */}}
{{- define "trimtab.files" -}}
{{- $files := list }}
{{- range $path, $_ := .Files.Glob "files/webhook/[0-9]*.yaml" }}
{{- if ne $path "files/webhook/00-namespace.yaml" }}
{{- $files = append $files $path }}
{{- end }}
{{- end }}
{{- if .Values.policy }}
{{- $files = append $files "files/components/audit-first/policy.yaml" }}
{{- end }}
{{- if eq .Values.priorityClassName "system-cluster-critical" }}
{{- $files = append $files "files/components/system-critical/quota.yaml" }}
{{- end }}
{{- if eq .Values.certificates.provider "own" }}
{{- $files = append $files "files/components/own-certificates/rbac.yaml" }}
{{- end }}
{{- if .Values.monitoring.enabled }}
{{- $files = concat $files (list "files/monitoring/podmonitor.yaml" "files/monitoring/prometheusrule.yaml") }}
{{- end }}
{{- toJson $files }}
{{- end }}

{{- /* "true" if the values want the object. */}}
{{- define "trimtab.wanted" -}}
{{- $values := .root.Values }}
{{- $metadata := .object.metadata }}
{{- if and (hasPrefix "cert-manager.io/" .object.apiVersion) (ne $values.certificates.provider "cert-manager") }}
{{- else if and (eq (dig "labels" "app.kubernetes.io/component" "" $metadata) "controller") (not $values.controller.enabled) }}
{{- else if and (eq (dig "namespace" "" $metadata) "knative-serving") (not $values.knative.enabled) }}
{{- else if and (eq .object.kind "PodDisruptionBudget") $values.singleNode }}
{{- else if and (eq .object.kind "NetworkPolicy") (not $values.networkPolicy.enabled) }}
{{- else }}true
{{- end }}
{{- end }}

{{- /* Refuses what would install something that does not work, with the reason. */}}
{{- define "trimtab.refusals" -}}
{{- range list "nameOverride" "fullnameOverride" "namePrefix" }}
{{- if hasKey $.Values . }}
{{- fail (printf "%s: the names are fixed. The API server calls webhooks in the order of their configurations' names: trimtab.dev has to come after KServe's inferenceservice.serving.kserve.io and before Knative's webhook.serving.knative.dev. Take %s out of the values" . .) }}
{{- end }}
{{- end }}
{{- if has .Release.Namespace (list "default" "kube-system" .Values.namespaces.kserve .Values.namespaces.knative) }}
{{- fail (printf "Trimtab needs a namespace of its own, and changes nothing in that namespace. Not %q: add --namespace trimtab --create-namespace" .Release.Namespace) }}
{{- end }}
{{- if has .Values.test.namespace (list .Release.Namespace "kube-system" .Values.namespaces.kserve .Values.namespaces.knative) }}
{{- fail (printf "test.namespace: Trimtab changes nothing in %q. Name a namespace for models" .Values.test.namespace) }}
{{- end }}
{{- if and (eq .Values.certificates.provider "own") (not .Values.controller.enabled) }}
{{- fail "certificates.provider is own, but controller.enabled is false: the controller issues the certificate" }}
{{- end }}
{{- if eq .Values.namespaces.kserve .Values.namespaces.knative }}
{{- fail (printf "namespaces.kserve and namespaces.knative are both %q: name the namespace of each" .Values.namespaces.kserve) }}
{{- end }}
{{- end }}
