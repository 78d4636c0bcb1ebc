package dev.trimtab.cli.doctor;

/** Namespaces. */
record Places(String trimtab, String knative, String kserve) {}
