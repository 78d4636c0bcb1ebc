{{- /* Each of these changes the object that it is given, and prints nothing. */}}

{{- define "trimtab.change" -}}
{{- $values := .root.Values }}
{{- $metadata := .object.metadata }}
{{- if eq .object.kind "Deployment" }}
{{- include "trimtab.deployment" . }}
{{- else if eq .object.kind "ConfigMap" }}
{{- $policy := mergeOverwrite (dict "apiVersion" "trimtab.dev/v1alpha1" "kind" "Policy") $values.policy }}
{{- $_ := set .object.data "policy.yaml" (printf "%s\n" (toYaml $policy)) }}
{{- else if has .object.kind (list "MutatingWebhookConfiguration" "ValidatingWebhookConfiguration") }}
{{- include "trimtab.authority" . }}
{{- if $values.failClosed }}
{{- include "trimtab.failurePolicies" (merge (dict "component" "fail-closed") .) }}
{{- end }}
{{- if not $values.closedDoor.enabled }}
{{- include "trimtab.failurePolicies" (merge (dict "component" "closed-door-off") .) }}
{{- end }}
{{- else if and (eq .object.kind "Service") (eq $values.certificates.provider "openshift") }}
{{- $_ := set $metadata "annotations" (dict "service.beta.openshift.io/serving-cert-secret-name" "trimtab-webhook-tls") }}
{{- end }}
{{- include "trimtab.namespaces" (dict "node" .object "root" .root) }}
{{- end }}

{{- /* Who writes the caBundle: the chart never does, so an upgrade keeps it. */}}
{{- define "trimtab.authority" -}}
{{- $provider := .root.Values.certificates.provider }}
{{- if ne $provider "cert-manager" }}
{{- $_ := unset .object.metadata "annotations" }}
{{- end }}
{{- if eq $provider "openshift" }}
{{- $_ := set .object.metadata "annotations" (dict "service.beta.openshift.io/inject-cabundle" "true") }}
{{- end }}
{{- end }}

{{- /* Sets the failure policies that a component of kustomize sets. */}}
{{- define "trimtab.failurePolicies" -}}
{{- $object := .object }}
{{- $kustomization := printf "files/components/%s/kustomization.yaml" .component | .root.Files.Get | fromYaml }}
{{- range $kustomization.patches }}
{{- $patch := fromYaml .patch }}
{{- if eq $patch.kind $object.kind }}
{{- range $changed := $patch.webhooks }}
{{- range $object.webhooks }}
{{- if and (eq .name $changed.name) $changed.failurePolicy }}
{{- $_ := set . "failurePolicy" $changed.failurePolicy }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* The labels that deploy/webhook/kustomization.yaml adds to the objects of its folder. */}}
{{- define "trimtab.labels" -}}
{{- $object := .object }}
{{- range (fromYaml (.root.Files.Get "files/webhook/kustomization.yaml")).labels }}
{{- $_ := set $object.metadata "labels" (merge $object.metadata.labels .pairs) }}
{{- if and .includeTemplates (eq $object.kind "Deployment") }}
{{- $template := $object.spec.template.metadata }}
{{- $_ := set $template "labels" (merge $template.labels .pairs) }}
{{- end }}
{{- end }}
{{- end }}

{{- /*
The namespaces of this installation instead of those that deploy/webhook is written with, wherever a field names one: as the namespace of
an object, account or Service, in a selector, in TRIMTAB_*_NAMESPACE, in an account's or a host's name.
*/}}
{{- define "trimtab.namespaces" -}}
{{- $root := .root }}
{{- $node := .node }}
{{- $own := $root.Release.Namespace }}
{{- $names := dict "trimtab" $own "kserve" $root.Values.namespaces.kserve "knative-serving" $root.Values.namespaces.knative }}
{{- range $key, $value := $node }}
{{- $isName := or (has $key (list "namespace" "namespaces" "kubernetes.io/metadata.name"))
      (and (eq $key "values") (eq (toString (get $node "key")) "kubernetes.io/metadata.name"))
      (and (eq $key "value") (regexMatch "^TRIMTAB_.*NAMESPACE$" (get $node "name"))) }}
{{- if kindIs "map" $value }}
{{- include "trimtab.namespaces" (dict "node" $value "root" $root) }}
{{- else if kindIs "string" $value }}
{{- $_ := set $node $key (include "trimtab.named" (dict "text" $value "names" $names "isName" $isName)) }}
{{- else if kindIs "slice" $value }}
{{- $list := list }}
{{- range $value }}
{{- if kindIs "map" . }}
{{- include "trimtab.namespaces" (dict "node" . "root" $root) }}
{{- $list = append $list . }}
{{- else if kindIs "string" . }}
{{- $list = append $list (include "trimtab.named" (dict "text" . "names" $names "isName" $isName)) }}
{{- else }}
{{- $list = append $list . }}
{{- end }}
{{- end }}
{{- $_ := set $node $key $list }}
{{- end }}
{{- end }}
{{- end }}

{{- define "trimtab.named" -}}
{{- if .isName }}
{{- get .names .text | default .text }}
{{- else }}
{{- .text | replace "system:serviceaccount:trimtab:" (printf "system:serviceaccount:%s:" .names.trimtab)
      | replace "trimtab-webhook.trimtab.svc" (printf "trimtab-webhook.%s.svc" .names.trimtab)
      | replace "trimtab/trimtab-webhook" (printf "%s/trimtab-webhook" .names.trimtab) }}
{{- end }}
{{- end }}
