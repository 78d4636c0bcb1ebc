/** The JSON document of a Kubernetes object, and read-only views on it. Pure. */
package dev.trimtab.manifest;
