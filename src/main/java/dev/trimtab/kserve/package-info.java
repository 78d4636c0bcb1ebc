/** What KServe makes of an InferenceService or InferenceGraph: facts about KServe as code. Pure. */
package dev.trimtab.kserve;
