/**
 * The promise that Trimtab never causes a surprise revision: what was filled is recorded on the object, and given back
 * as it is until the author changes the template. Pure. docs/architecture.md tells the whole contract.
 */
package dev.trimtab.stability;
