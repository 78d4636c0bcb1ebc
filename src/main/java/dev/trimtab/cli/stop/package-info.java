/** The verbs that stop and start services, and show what stopped services hold. */
package dev.trimtab.cli.stop;
