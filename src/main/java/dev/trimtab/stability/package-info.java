/**
 * The promise that Trimtab never causes a surprise revision. Fills are recorded on the object, and put back unchanged
 * until the author changes the template. Pure. docs/architecture.md describes the whole contract.
 */
package dev.trimtab.stability;
