/** The types of Kubernetes' fields, and a check that finds values of the wrong type. Pure. */
package dev.trimtab.types;
