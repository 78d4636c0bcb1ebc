package dev.trimtab.types;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the API server takes at a place. Null is taken everywhere: it is as good as nothing. */
public sealed interface Type {
    Type ANYTHING = new Anything();
    Type TEXT = new Text();
    Type BOOL = new Bool();
    Type INT32 = new WholeNumber(Integer.MIN_VALUE, Integer.MAX_VALUE);
    Type INT64 = new WholeNumber(Long.MIN_VALUE, Long.MAX_VALUE);
    Type AMOUNT = new Amount();
    Type NUMBER_OR_TEXT = new NumberOrText();
    Type LIST_OF_TEXTS = new ListOf(TEXT);
    Type MAP_OF_TEXTS = new MapOf(TEXT);

    /** As a message names it: "a number where text belongs". */
    String word();

    record Anything() implements Type {
        @Override
        public String word() {
            return "anything";
        }
    }

    record Text() implements Type {
        @Override
        public String word() {
            return "text";
        }
    }

    record Bool() implements Type {
        @Override
        public String word() {
            return "true or false";
        }
    }

    record WholeNumber(long least, long most) implements Type {
        @Override
        public String word() {
            return "a whole number";
        }
    }

    /** A quantity, such as {@code 500m} or {@code 2Gi}: text, or a number. */
    record Amount() implements Type {
        @Override
        public String word() {
            return "an amount";
        }
    }

    /** A port, or how many pods may be missing: a whole number of 32 bits, or text. */
    record NumberOrText() implements Type {
        @Override
        public String word() {
            return "a whole number or text";
        }
    }

    record ListOf(Type element) implements Type {
        @Override
        public String word() {
            return "a list";
        }
    }

    record MapOf(Type value) implements Type {
        @Override
        public String word() {
            return "a map";
        }
    }

    /** A map whose keys are known; of any other key nothing is said. */
    record Struct(Map<String, Type> fields) implements Type {
        public Struct {
            fields = Map.copyOf(fields);
        }

        @Override
        public String word() {
            return "a map";
        }

        /** The same with more fields, and with other types for those that both have. */
        public Struct with(Map<String, Type> more) {
            Map<String, Type> all = new TreeMap<>(fields);
            all.putAll(more);
            return new Struct(all);
        }

        public Struct only(String... kept) {
            Map<String, Type> some = new TreeMap<>(fields);
            some.keySet().retainAll(Set.of(kept));
            return new Struct(some);
        }

        public Struct without(String... dropped) {
            Map<String, Type> some = new TreeMap<>(fields);
            some.keySet().removeAll(Set.of(dropped));
            return new Struct(some);
        }
    }

    /** One of Kubernetes' own structs, by the class that the client library has for it. */
    record Kubernetes(Class<?> model) implements Type {
        public Struct struct() {
            return KubernetesFields.of(model);
        }

        @Override
        public String word() {
            return "a map";
        }
    }
}
