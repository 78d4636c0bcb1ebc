/** What it means that a service is stopped, and that its GPUs are free: read off raw JSON. Pure. */
package dev.trimtab.lifecycle;
