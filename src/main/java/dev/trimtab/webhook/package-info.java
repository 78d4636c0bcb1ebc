/** HTTP layer of the webhook: bytes in, bytes out. Decides nothing about a manifest. */
package dev.trimtab.webhook;
