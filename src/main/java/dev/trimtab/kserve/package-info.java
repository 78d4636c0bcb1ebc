/** What KServe renders for an InferenceService or InferenceGraph: facts about KServe as code. Pure. */
package dev.trimtab.kserve;
