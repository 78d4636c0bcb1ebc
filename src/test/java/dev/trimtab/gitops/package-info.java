/** What Argo CD and Flux would say of an object, computed as they compute it. */
package dev.trimtab.gitops;
