/** What makes PodAutoscalers of AIBrix collide or misread, found before they are stored. */
package dev.trimtab.autoscalers;
