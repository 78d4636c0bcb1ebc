/** Repairs Revisions whose annotations the cluster no longer allows. */
package dev.trimtab.controller.revisions;
