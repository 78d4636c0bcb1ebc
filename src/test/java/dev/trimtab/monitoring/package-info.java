/** What is shipped to look at Trimtab: the page of the metrics, the alerts, the dashboard. */
package dev.trimtab.monitoring;
