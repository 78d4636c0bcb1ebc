/** The HTTP face: bytes in, bytes out. Decides nothing about a manifest. */
package dev.trimtab.webhook;
