package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;

/** The result of one reading of the cluster. */
sealed interface Fact {
    /** @param value missing if the object does not exist, or if the cluster does not know its kind */
    record Known(JsonNode value) implements Fact {}

    /** @param because mostly a missing right; one line */
    record Unknown(String because) implements Fact {}
}
