package dev.trimtab.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import java.io.IOException;

/** Reads the body of a request. Numbers keep all their digits and are never rounded. */
final class Body {
    /** In bytes. The API server takes objects up to 3 MiB; etcd stores up to 1.5 MiB. */
    static final int LARGEST = 3 * 1024 * 1024;

    /**
     * Levels. Reviews walk a document by recursion: 900 nested maps overflowed a thread's stack of 1 MiB, before the JVM had
     * compiled the code. No object of Kubernetes has 100.
     */
    private static final int DEEPEST = 500;

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Body() {}

    /**
     * @throws MalformedReview if the body is empty, no JSON, or nested more than {@link #DEEPEST} levels deep
     * @throws TooLarge if the body has more than {@link #LARGEST} bytes
     */
    static JsonNode parse(byte[] body) throws MalformedReview, TooLarge {
        if (body == null || body.length == 0) {
            throw new MalformedReview("the body is empty: expected an AdmissionReview");
        }
        if (body.length > LARGEST) {
            throw new TooLarge(body.length);
        }
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException malformed) {
            var location = malformed.getLocation();
            String where = location == null
                    ? ""
                    : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
            throw new MalformedReview(
                    "the body is not valid JSON" + where + ": " + oneLine(malformed.getOriginalMessage()));
        } catch (IOException unreadable) {
            throw new MalformedReview("the body cannot be read: " + oneLine(unreadable.getMessage()));
        }
    }

    static final class TooLarge extends Exception {
        private static final long serialVersionUID = 1L;

        TooLarge(int bytes) {
            super("the body has %d bytes, more than the %d that an AdmissionReview can have".formatted(bytes, LARGEST));
        }
    }

    private static String oneLine(String message) {
        // Jackson appends the place of the open bracket, in words of its own and over two lines.
        String line = message == null
                ? ""
                : message.replaceAll("(?s) \\((start marker|from).*", "").replace("\n", " ");
        return line.length() <= 200 ? line : line.substring(0, 200) + "…";
    }
}
