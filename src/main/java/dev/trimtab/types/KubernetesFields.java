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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The fields of Kubernetes' structs, read off the classes that the client library generates from them. */
final class KubernetesFields {
    private static final Map<Class<?>, Type> PLAIN = Map.of(
            String.class, Type.TEXT,
            Boolean.class, Type.BOOL,
            Integer.class, Type.INT32,
            Long.class, Type.INT64,
            Quantity.class, Type.AMOUNT,
            IntOrString.class, Type.NUMBER_OR_TEXT);

    /** A class is read when a document first has it: a pod has more than a hundred. */
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
            return generic.getRawType() == List.class ? new ListOf(type(of[0])) : new MapOf(type(of[of.length - 1]));
        }
        Class<?> model = (Class<?>) declared;
        boolean isStruct = KubernetesResource.class.isAssignableFrom(model);
        return PLAIN.getOrDefault(model, isStruct ? new Kubernetes(model) : Type.ANYTHING);
    }
}
