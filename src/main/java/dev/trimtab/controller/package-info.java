/** The controller: reads the cluster, plans in {@code lifecycle}, and acts. One leader at a time. */
package dev.trimtab.controller;
