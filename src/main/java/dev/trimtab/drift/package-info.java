/** What stored objects have that a refresh would change, what that rolls, and in which waves. Pure. */
package dev.trimtab.drift;
