/** Repairs Revisions with annotations that the cluster no longer allows. */
package dev.trimtab.controller.revisions;
