/** Reconcilers of stopped and started services: observe, plan in {@code lifecycle}, act. */
package dev.trimtab.controller.stop;
