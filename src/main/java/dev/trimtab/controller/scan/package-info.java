/** The leader's scan of stored services, for metrics. */
package dev.trimtab.controller.scan;
