package dev.trimtab.policy;

import static dev.trimtab.policy.Fields.entries;
import static dev.trimtab.policy.Fields.get;
import static dev.trimtab.policy.Fields.in;
import static dev.trimtab.policy.Fields.texts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The keys of a policy. A key stands here when a rule of this release reads it, not before. */
final class PolicyReader {
    static final String API_VERSION = "trimtab.dev/v1alpha1";
    static final String KIND = "Policy";

    private static final List<String> TOP = List.of(
            "apiVersion",
            "kind",
            "mode",
            "conflicts",
            "scaling",
            "gpu",
            "timeouts",
            "pinDefaults",
            "namespaces",
            "profiles");
    private static final List<String> SCALING = List.of("maxScale", "initialScale");
    private static final List<String> MAX_SCALE = List.of("whenUnset");
    private static final List<String> INITIAL_SCALE = List.of("default", "write", "onUpdate", "factor");
    private static final List<String> TIMEOUTS = List.of("factor");
    private static final List<String> GPU = List.of("dialect");
    private static final List<String> NAMESPACES = List.of("allowProfiles");
    private static final List<String> PROFILE = Stream.concat(
                    Stream.of("name", "match", "conflicts", "scaling"), ServingReader.KEYS.stream())
            .toList();
    private static final List<String> MATCH = List.of("namespaces", "labels", "modelFormats", "kinds");

    /** The path of the profile that has the name. */
    private final Map<String, String> names = new HashMap<>();

    /** The policy as far as it can be understood; it holds only if no problem was found. */
    Optional<Policy> read(YamlValue root) {
        return root.fields(TOP).map(top -> {
            header(root, top, "apiVersion", API_VERSION);
            header(root, top, "kind", KIND);
            Policy unset = Policy.BUILT_IN;
            Overrides overrides = overrides(top);
            return new Policy(
                    get(top, "mode", value -> value.choice(Mode.class)).orElse(unset.mode()),
                    overrides.conflicts().orElse(unset.conflicts()),
                    overrides.over(unset.scaling()),
                    get(in(top, "timeouts", TIMEOUTS), "factor", value -> Numbers.number(value, Bounds.TIMEOUTS_FACTOR))
                            .orElse(unset.timeoutsFactor()),
                    get(in(top, "gpu", GPU), "dialect", value -> value.choice(GpuDialect.class))
                            .orElse(unset.gpuDialect()),
                    get(top, "pinDefaults", YamlValue::bool).orElse(unset.pinDefaults()),
                    get(in(top, "namespaces", NAMESPACES), "allowProfiles", YamlValue::bool)
                            .orElse(unset.namespaceProfiles()),
                    entries(top, "profiles").stream()
                            .flatMap(value -> profile(value).stream())
                            .toList());
        });
    }

    private static void header(YamlValue root, Map<String, YamlValue> top, String key, String expected) {
        if (!top.containsKey(key)) {
            root.child(key).refuse("is missing; this release reads " + expected);
        }
        get(top, key, YamlValue::text)
                .filter(written -> !written.equals(expected))
                .ifPresent(written ->
                        top.get(key).refuse(Quoted.of(written) + " is not known; this release reads " + expected));
    }

    /** What the top level and a profile have in common. */
    private static Overrides overrides(Map<String, YamlValue> fields) {
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

    private Optional<Profile> profile(YamlValue value) {
        return value.fields(PROFILE).flatMap(fields -> {
            Optional<String> name = name(value, fields);
            Match match = get(fields, "match", PolicyReader::match).orElse(Match.EVERYTHING);
            Overrides overrides = overrides(fields);
            Serving serving = ServingReader.read(fields);
            return name.map(known -> new Profile(known, match, overrides, serving));
        });
    }

    private Optional<String> name(YamlValue profile, Map<String, YamlValue> fields) {
        if (!fields.containsKey("name")) {
            profile.child("name").refuse("is missing; every profile needs a name of its own");
            return Optional.empty();
        }
        YamlValue value = fields.get("name");
        return value.text(Names::dnsLabelFlaw).filter(name -> {
            String first = names.putIfAbsent(name, profile.path());
            if (first != null) {
                value.refuse(Quoted.of(name) + " is already the name of " + first);
            }
            return first == null;
        });
    }

    private static Optional<Match> match(YamlValue value) {
        return value.fields(MATCH)
                .map(fields -> new Match(
                        some(fields, "namespaces", "namespace", glob -> glob.text(Glob::flaw)).stream()
                                .map(Glob::new)
                                .toList(),
                        texts(fields, "labels", Names::labelKeyFlaw, Names::labelValueFlaw),
                        Set.copyOf(some(fields, "modelFormats", "model format", YamlValue::text)),
                        Set.copyOf(some(fields, "kinds", "kind", kind -> kind.choice(ServiceKind.class)))));
    }

    /** The entries of a list that says which {@code what} match. An empty one could be meant either way. */
    private static <T> List<T> some(
            Map<String, YamlValue> match, String key, String what, Function<YamlValue, Optional<T>> reader) {
        Optional<List<YamlValue>> list = get(match, key, YamlValue::list);
        if (list.isPresent() && list.get().isEmpty()) {
            match.get(key).refuse("is an empty list; leave the key out to match every " + what);
        }
        return list.orElse(List.of()).stream()
                .flatMap(entry -> reader.apply(entry).stream())
                .toList();
    }
}
