package dev.trimtab.policy;

import static dev.trimtab.policy.Fields.entries;
import static dev.trimtab.policy.Fields.get;
import static dev.trimtab.policy.Fields.texts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The key {@code profiles}: of the cluster's policy, or of a namespace's own. */
final class ProfilesReader {
    static final List<String> PROFILE = Stream.of(List.of("name", "match"), OverridesReader.KEYS, ServingReader.KEYS)
            .flatMap(List::stream)
            .toList();
    static final List<String> MATCH = List.of("namespaces", "labels", "modelFormats", "kinds");

    private static final List<String> MATCH_IN_NAMESPACE =
            MATCH.stream().filter(key -> !key.equals("namespaces")).toList();
    private static final Map<String, String> NOT_IN_NAMESPACE =
            Map.of("namespaces", "is not for a namespace's own profile: it is for that namespace anyway; leave it out");

    private final boolean ofNamespace;
    /** The path of the profile that has the name. */
    private final Map<String, String> names = new HashMap<>();

    private ProfilesReader(boolean ofNamespace) {
        this.ofNamespace = ofNamespace;
    }

    static List<Profile> ofCluster(Map<String, YamlValue> top) {
        return new ProfilesReader(false).read(top);
    }

    /** As those of the cluster, but they cannot name namespaces: they are for the one they are in. */
    static List<Profile> ofNamespace(Map<String, YamlValue> top) {
        return new ProfilesReader(true).read(top);
    }

    private List<Profile> read(Map<String, YamlValue> top) {
        return entries(top, "profiles").stream()
                .flatMap(value -> profile(value).stream())
                .toList();
    }

    private Optional<Profile> profile(YamlValue value) {
        return value.fields(PROFILE).flatMap(fields -> {
            Optional<String> name = name(value, fields);
            Match match = get(fields, "match", this::match).orElse(Match.EVERYTHING);
            Overrides overrides = OverridesReader.read(fields);
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

    private Optional<Match> match(YamlValue value) {
        return (ofNamespace ? value.fields(MATCH_IN_NAMESPACE, NOT_IN_NAMESPACE) : value.fields(MATCH))
                .map(fields -> new Match(
                        namespaces(fields),
                        texts(fields, "labels", Names::labelKeyFlaw, Names::labelValueFlaw),
                        Set.copyOf(some(
                                fields, "modelFormats", "model format", it -> it.text(ProfilesReader::formatFlaw))),
                        Set.copyOf(some(fields, "kinds", "kind", kind -> kind.choice(ServiceKind.class)))));
    }

    private List<Glob> namespaces(Map<String, YamlValue> match) {
        return ofNamespace
                ? List.of()
                : some(match, "namespaces", "namespace", glob -> glob.text(Glob::flaw)).stream()
                        .map(Glob::new)
                        .toList();
    }

    private static Optional<String> formatFlaw(String name) {
        return name.isBlank()
                ? Optional.of("is no model format; write a name as in modelFormat.name, such as vLLM")
                : Optional.empty();
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
