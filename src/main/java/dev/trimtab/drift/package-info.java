/** Finds what a refresh would change in stored objects, which pods it starts, and in which waves. Pure. */
package dev.trimtab.drift;
