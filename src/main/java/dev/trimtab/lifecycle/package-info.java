/** Whether a service is stopped and its GPUs are free, and how to stop it, from raw JSON. Pure. */
package dev.trimtab.lifecycle;
