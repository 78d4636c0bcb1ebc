package dev.trimtab.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Takes spans as OTLP over HTTP: the messages of opentelemetry/proto, of which it reads the fields that tests ask for. */
final class Collector implements AutoCloseable {
    private static final int OK = 200;

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    /**
     * @param parent empty for the first one of a trace
     * @param attributes those that are texts
     * @param error the message of a status ERROR; empty without one
     */
    record Span(
            String service,
            String trace,
            String id,
            String parent,
            String name,
            Map<String, String> attributes,
            String error,
            long nanoseconds) {}

    Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }

    /** All that was received, with whatever is in it as text. */
    String text() {
        return String.join("", bodies);
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (!"application/x-protobuf".equals(type)) {
            throw new IOException("no OTLP over HTTP: " + type);
        }
        bodies.add(new String(body, StandardCharsets.ISO_8859_1));
        for (Message resource : new Message(body).messages(1)) {
            String service = attributes(resource.messages(1).get(0), 1).get("service.name");
            for (Message scope : resource.messages(2)) {
                scope.messages(2).forEach(it -> spans.add(span(service, it)));
            }
        }
        exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(OK, -1);
        exchange.close();
    }

    private static Span span(String service, Message span) {
        return new Span(
                service,
                span.hex(1),
                span.hex(2),
                span.hex(4),
                span.text(5),
                attributes(span, 9),
                span.messages(15).stream().map(it -> it.text(2)).collect(Collectors.joining()),
                span.number(8) - span.number(7));
    }

    /** Of fields of type KeyValue: 1 is the key, 2 an AnyValue, of which 1 is a text. */
    private static Map<String, String> attributes(Message message, int field) {
        Map<String, String> attributes = new TreeMap<>();
        message.messages(field)
                .forEach(it -> attributes.put(it.text(1), it.messages(2).get(0).text(1)));
        return attributes;
    }

    /** The fields of a message in protobuf's encoding: a varint with number and type, then the value. */
    private static final class Message {
        private static final int VARINT = 0;
        private static final int FIXED64 = 1;
        private static final int BYTES = 2;
        private static final int FIXED32 = 5;

        private final Map<Integer, List<byte[]>> bytes = new TreeMap<>();
        private final Map<Integer, Long> numbers = new TreeMap<>();

        Message(byte[] encoded) {
            ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
            while (in.hasRemaining()) {
                long key = varint(in);
                int field = (int) (key >>> 3);
                switch ((int) key & 7) {
                    case VARINT -> numbers.put(field, varint(in));
                    case FIXED64 -> numbers.put(field, in.getLong());
                    case FIXED32 -> numbers.put(field, (long) in.getInt());
                    case BYTES -> {
                        byte[] content = new byte[(int) varint(in)];
                        in.get(content);
                        bytes.computeIfAbsent(field, unused -> new ArrayList<>())
                                .add(content);
                    }
                    default -> throw new IllegalArgumentException("no type of protobuf: " + key);
                }
            }
        }

        private static long varint(ByteBuffer in) {
            long number = 0;
            for (int shift = 0; ; shift += 7) {
                byte part = in.get();
                number |= (part & 127L) << shift;
                if (part >= 0) {
                    return number;
                }
            }
        }

        List<Message> messages(int field) {
            return bytes.getOrDefault(field, List.of()).stream()
                    .map(Message::new)
                    .toList();
        }

        String text(int field) {
            return new String(last(field), StandardCharsets.UTF_8);
        }

        String hex(int field) {
            return HexFormat.of().formatHex(last(field));
        }

        long number(int field) {
            return numbers.getOrDefault(field, 0L);
        }

        private byte[] last(int field) {
            List<byte[]> all = bytes.getOrDefault(field, List.of(new byte[0]));
            return all.get(all.size() - 1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
