package dev.trimtab.types;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.trimtab.types.Type.Kubernetes;
import dev.trimtab.types.Type.ListOf;
import dev.trimtab.types.Type.MapOf;
import dev.trimtab.types.Type.Struct;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The type that the API server accepts at a place. Null is accepted everywhere, as if the field were absent. */
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

    /** The name for messages, as in "a number where text belongs". */
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

    /** IntOrString, such as a port: a whole number of 32 bits, or text. */
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

    /** A map with known keys. Other keys are not checked. */
    record Struct(Map<String, Type> fields) implements Type {
        public Struct {
            fields = Map.copyOf(fields);
        }

        @Override
        public String word() {
            return "a map";
        }

        /** Adds fields, or replaces the types of existing fields. */
        public Struct with(Map<String, Type> more) {
            Map<String, Type> all = new TreeMap<>(fields);
            all.putAll(more);
            return new Struct(all);
        }

        public Struct with(Type type, String... names) {
            return with(Arrays.stream(names).collect(Collectors.toMap(name -> name, name -> type)));
        }

        public static Struct of(Type type, String... names) {
            return new Struct(Map.of()).with(type, names);
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

    /** One of Kubernetes' own structs, by its class in the client library. */
    record Kubernetes(Class<?> model) implements Type {
        public Struct struct() {
            return KubernetesFields.of(model);
        }

        @Override
        public String word() {
            return "a map";
        }
    }

    /** Reads the fields of Kubernetes' structs from the generated classes of the client library. */
    static final class KubernetesFields {
        private static final Map<Class<?>, Type> PLAIN = Map.of(
                String.class, Type.TEXT,
                Boolean.class, Type.BOOL,
                Integer.class, Type.INT32,
                Long.class, Type.INT64,
                Quantity.class, Type.AMOUNT,
                IntOrString.class, Type.NUMBER_OR_TEXT);

        /** Filled on first use: a pod has more than a hundred classes. */
        private static final ClassValue<Struct> STRUCTS = new ClassValue<>() {
            @Override
            protected Struct computeValue(Class<?> model) {
                Map<String, Type> fields = new TreeMap<>();
                for (Field field : model.getDeclaredFields()) {
                    JsonProperty property = field.getAnnotation(JsonProperty.class);
                    if (property != null) {
                        fields.put(property.value(), type(field.getGenericType()));
                    }
                }
                return new Struct(fields);
            }
        };

        private KubernetesFields() {}

        static Struct of(Class<?> model) {
            return STRUCTS.get(model);
        }

        private static Type type(java.lang.reflect.Type declared) {
            if (declared instanceof ParameterizedType generic) {
                java.lang.reflect.Type[] of = generic.getActualTypeArguments();
                return generic.getRawType() == List.class
                        ? new ListOf(type(of[0]))
                        : new MapOf(type(of[of.length - 1]));
            }
            Class<?> model = (Class<?>) declared;
            boolean isStruct = KubernetesResource.class.isAssignableFrom(model);
            return PLAIN.getOrDefault(model, isStruct ? new Kubernetes(model) : Type.ANYTHING);
        }
    }
}
