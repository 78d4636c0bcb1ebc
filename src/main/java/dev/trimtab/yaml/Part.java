package dev.trimtab.yaml;

/** One entry or item of a collection in the text: from its key, dash or value to after its last character. */
record Part(int start, int end) {}
