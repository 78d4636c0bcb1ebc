/** Issues and renews the webhook's certificate, if {@code trimtab.certificates} is {@code own}. */
package dev.trimtab.controller.certificates;
