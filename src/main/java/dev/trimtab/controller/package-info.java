/** The companion controller: reads the cluster, has {@code lifecycle} decide, does what it says. One leader at a time. */
package dev.trimtab.controller;
