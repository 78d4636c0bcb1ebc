package dev.trimtab.policy;

import static dev.trimtab.policy.Fields.get;
import static dev.trimtab.policy.Fields.in;

import java.util.List;
import java.util.Map;

/** The keys that the top level of a policy and a profile have in common. */
final class OverridesReader {
    static final List<String> KEYS = List.of("conflicts", "scaling");
    static final List<String> SCALING = List.of("maxScale", "initialScale");
    static final List<String> MAX_SCALE = List.of("whenUnset");
    static final List<String> INITIAL_SCALE = List.of("default", "write", "onUpdate", "factor");

    private OverridesReader() {}

    static Overrides read(Map<String, YamlValue> fields) {
        Map<String, YamlValue> scaling = in(fields, "scaling", SCALING);
        Map<String, YamlValue> maxScale = in(scaling, "maxScale", MAX_SCALE);
        Map<String, YamlValue> initialScale = in(scaling, "initialScale", INITIAL_SCALE);
        return new Overrides(
                get(fields, "conflicts", value -> value.choice(Conflicts.class)),
                get(maxScale, "whenUnset", value -> value.choice(MaxScaleWhenUnset.class)),
                get(initialScale, "default", value -> value.choice(InitialScaleDefault.class)),
                get(initialScale, "write", value -> value.choice(InitialScaleWrite.class)),
                get(initialScale, "onUpdate", value -> value.choice(InitialScaleOnUpdate.class)),
                get(initialScale, "factor", value -> Numbers.number(value, Bounds.INITIAL_SCALE_FACTOR)));
    }
}
