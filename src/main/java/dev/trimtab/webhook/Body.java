package dev.trimtab.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trimtab.review.MalformedReview;
import java.io.IOException;

/** Reads the body of a request. Numbers keep their digits: nothing of a document is ever rounded on its way through. */
final class Body {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Body() {}

    /** @throws MalformedReview for what is no JSON, too deeply nested (Jackson's limit) or empty */
    static JsonNode parse(byte[] body) throws MalformedReview {
        if (body == null || body.length == 0) {
            throw new MalformedReview("the body is empty: expected an AdmissionReview");
        }
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException malformed) {
            var location = malformed.getLocation();
            String where = location == null
                    ? ""
                    : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
            throw new MalformedReview(
                    "the body is no valid JSON" + where + ": " + firstLine(malformed.getOriginalMessage()));
        } catch (IOException unreadable) {
            throw new MalformedReview("the body cannot be read: " + firstLine(unreadable.getMessage()));
        }
    }

    private static String firstLine(String message) {
        String line = message == null ? "" : message.lines().findFirst().orElse("");
        return line.length() <= 200 ? line : line.substring(0, 200) + "…";
    }
}
