/** The verbs that stop and start services, and say what stopped ones hold. */
package dev.trimtab.cli.stop;
