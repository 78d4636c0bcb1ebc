/** Leader election, and what the leader runs. */
package dev.trimtab.controller.leader;
