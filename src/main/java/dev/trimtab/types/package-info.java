/** What a field may hold: the types of Kubernetes' own fields, and what of a document has another one. Pure. */
package dev.trimtab.types;
