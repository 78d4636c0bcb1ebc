/**
 * What Trimtab fills and clamps, and why: one final class per rule, in the order of {@link dev.trimtab.rules.RuleSet}.
 * Pure: a rule sees a document and facts, and never throws for what an author wrote.
 */
package dev.trimtab.rules;
