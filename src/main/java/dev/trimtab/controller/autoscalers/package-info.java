/** Posts Events about PodAutoscalers that conflict. */
package dev.trimtab.controller.autoscalers;
