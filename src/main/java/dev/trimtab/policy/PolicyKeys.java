package dev.trimtab.policy;

import static dev.trimtab.policy.KeyType.Bounds.KNATIVE;
import static dev.trimtab.policy.KeyType.Bounds.TRIMTAB;

import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.policy.AibrixCheck.Severity;
import dev.trimtab.policy.Gpu.GpuDialect;
import dev.trimtab.policy.Gpu.GpuUnit;
import dev.trimtab.policy.KeyTable.PolicyKey;
import dev.trimtab.policy.KeyTable.Values;
import dev.trimtab.policy.KeyType.Bounds;
import dev.trimtab.policy.KeyType.ByTerm;
import dev.trimtab.policy.KeyType.Choice;
import dev.trimtab.policy.KeyType.Decimal;
import dev.trimtab.policy.KeyType.Fixed;
import dev.trimtab.policy.KeyType.Flag;
import dev.trimtab.policy.KeyType.Group;
import dev.trimtab.policy.KeyType.ListOf;
import dev.trimtab.policy.KeyType.ListOfNamed;
import dev.trimtab.policy.KeyType.Memory;
import dev.trimtab.policy.KeyType.Seconds;
import dev.trimtab.policy.KeyType.Table;
import dev.trimtab.policy.KeyType.Text;
import dev.trimtab.policy.KeyType.Texts;
import dev.trimtab.policy.KeyType.Whole;
import dev.trimtab.policy.Names.Reserved;
import dev.trimtab.policy.Policy.Aibrix;
import dev.trimtab.policy.Policy.Conflicts;
import dev.trimtab.policy.Policy.Lifecycle;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.Policy.NativeStop;
import dev.trimtab.policy.PolicyProblem.Quoted;
import dev.trimtab.policy.Probes.Handler;
import dev.trimtab.policy.Profile.Match;
import dev.trimtab.policy.Profile.Overrides;
import dev.trimtab.policy.Profile.ServiceKind;
import dev.trimtab.policy.Scaling.InitialScaleDefault;
import dev.trimtab.policy.Scaling.InitialScaleOnUpdate;
import dev.trimtab.policy.Scaling.InitialScaleWrite;
import dev.trimtab.policy.Scaling.MaxScaleWhenUnset;
import dev.trimtab.policy.Serving.Window;
import dev.trimtab.policy.YamlValue.YamlText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Defines each policy key once: its path, type, meaning and default. The reader uses these tables.
 * docs/policy.schema.json and the tables of docs/policy.md are generated from them.
 */
final class PolicyKeys {
    static final String VERSION = "trimtab.dev/v1alpha1";
    static final String POLICY = "Policy";

    private static final PolicyKey<String> API_VERSION = fixed("apiVersion", VERSION, "The version of this format.");
    private static final PolicyKey<String> KIND = fixed("kind", POLICY, "What this file is.");

    // of the top level and of profiles

    private static final PolicyKey<Conflicts> CONFLICTS = new PolicyKey<>(
                    "conflicts",
                    Choice.of(Conflicts.class),
                    "What happens to an author's [value that cannot work](#conflicts).")
            .unless("Clamp");
    private static final PolicyKey<Void> SCALING = group("scaling", "How many pods a service has.");
    private static final PolicyKey<Void> MAX_SCALE =
            group("scaling.maxScale", "The upper bound of a service without one.");
    private static final PolicyKey<MaxScaleWhenUnset> WHEN_UNSET = new PolicyKey<>(
                    "scaling.maxScale.whenUnset",
                    Choice.of(MaxScaleWhenUnset.class),
                    "The [`max-scale`](#scalingmaxscalewhenunset) of a service whose author wrote none.")
            .unless("Unbounded");
    private static final PolicyKey<Void> INITIAL_SCALE =
            group("scaling.initialScale", "How many pods a new revision starts with.");
    private static final PolicyKey<InitialScaleDefault> DEFAULT = new PolicyKey<>(
                    "scaling.initialScale.default",
                    Choice.of(InitialScaleDefault.class),
                    "How many pods a new revision [starts with](#scalinginitialscaledefault) if its author did not say.")
            .unless("MinReplicas");
    private static final PolicyKey<InitialScaleWrite> WRITE = new PolicyKey<>(
                    "scaling.initialScale.write",
                    Choice.of(InitialScaleWrite.class),
                    "Whether Trimtab [writes that number](#scalinginitialscalewrite) even if Knative alone would start as"
                            + " many.")
            .unless("Always");
    private static final PolicyKey<InitialScaleOnUpdate> ON_UPDATE = new PolicyKey<>(
                    "scaling.initialScale.onUpdate",
                    Choice.of(InitialScaleOnUpdate.class),
                    "How many pods the next revision of a running service"
                            + " [starts with](#scalinginitialscaleonupdate).")
            .unless("Keep");
    private static final PolicyKey<BigDecimal> FACTOR = new PolicyKey<>(
                    "scaling.initialScale.factor",
                    new Decimal(Bounds.numbers("1", "10", TRIMTAB)),
                    "With `TrafficMatched`: multiplies the number of pods that run now.")
            .unless("1.2");

    // of the top level alone

    private static final PolicyKey<Mode> MODE = new PolicyKey<>(
                    "mode", Choice.of(Mode.class), "Whether Trimtab [acts](#mode), or only says what it would do.")
            .unless("Enforce");
    private static final PolicyKey<Void> GPU = group("gpu", "How GPU memory is shared on this cluster.");
    private static final PolicyKey<GpuDialect> DIALECT = new PolicyKey<>(
                    "gpu.dialect",
                    Choice.of(GpuDialect.class),
                    "How this cluster [writes the GPU memory](#gpudialect) of a container.")
            .unless("none");
    private static final PolicyKey<GpuUnit> UNIT = new PolicyKey<>(
            "gpu.unit",
            Choice.of(GpuUnit.class),
            "The unit in which [the dialect](#gpudialect) counts here, for `aliyun`, `hami`, `volcano` and `qgpu`; unless"
                    + " set, the unit of its makers.");
    private static final PolicyKey<Void> TIMEOUTS = group("timeouts", "How timeouts follow from the longest response.");
    private static final PolicyKey<BigDecimal> TIMEOUTS_FACTOR = new PolicyKey<>(
                    "timeouts.factor",
                    new Decimal(Bounds.numbers("1", "10", TRIMTAB)),
                    "How much longer than the longest response [a timeout](#timeoutsfactor) is.")
            .unless("1.2");
    private static final PolicyKey<Boolean> PIN_DEFAULTS = new PolicyKey<>(
                    "pinDefaults", new Flag(), "Whether Trimtab writes out [Knative's own defaults](#pindefaults).")
            .unless("true");
    private static final PolicyKey<Void> NAMESPACES = group("namespaces", "What a namespace may decide for itself.");
    private static final PolicyKey<Boolean> ALLOW_PROFILES = new PolicyKey<>(
                    "namespaces.allowProfiles",
                    new Flag(),
                    "Whether a namespace may have [its own profiles](#a-namespaces-own-profiles).")
            .unless("false");
    private static final PolicyKey<Void> STOP = group("stop", "How long a stop may take.");
    private static final PolicyKey<Integer> GRACE_PERIOD = duration(
                    "stop.gracePeriod",
                    "0s",
                    "1h",
                    "How long the pods of a stopped service [may take to end](#stop-lifecycle-and-start).")
            .unless("30s");
    private static final PolicyKey<Integer> NATIVE_TIMEOUT = duration(
                    "stop.nativeTimeout",
                    "1s",
                    "1h",
                    "How long KServe [may take to stop](#stop-lifecycle-and-start) a service.")
            .unless("60s");
    private static final PolicyKey<Void> LIFECYCLE = group("lifecycle", "Who stops services.");
    private static final PolicyKey<NativeStop> NATIVE_STOP = new PolicyKey<>(
                    "lifecycle.nativeStop",
                    Choice.of(NativeStop.class),
                    "Whether this KServe [can stop](#stop-lifecycle-and-start) services.")
            .unless("Auto");
    private static final PolicyKey<Void> START = group("start", "How long a start may take.");
    private static final PolicyKey<Integer> DEADLINE = duration(
                    "start.deadline",
                    "1m",
                    "24h",
                    "After how long Trimtab reports a started service that is [not ready](#stop-lifecycle-and-start).")
            .unless("30m");
    private static final PolicyKey<Void> AIBRIX = group("aibrix", "How PodAutoscalers of AIBrix are checked.");
    private static final PolicyKey<Map<AibrixCheck, Severity>> CHECKS = new PolicyKey<>(
                    "aibrix.checks",
                    new ByTerm<>(AibrixCheck.class, Choice.of(Severity.class)),
                    "What happens if [a check of a PodAutoscaler](aibrix.md) finds something: such as `A6: Deny`.")
            .unless("{}");
    private static final PolicyKey<Boolean> REWRITE_DEAD_KEYS = new PolicyKey<>(
                    "aibrix.rewriteDeadKeys",
                    new Flag(),
                    "Whether Trimtab copies [dead annotations](aibrix.md#what-is-filled) of a PodAutoscaler to where"
                            + " AIBrix reads them.")
            .unless("false");
    private static final PolicyKey<List<String>> METRICS = new PolicyKey<>(
                    "aibrix.metrics", new ListOf<>(Text.ANY, ""), "Names of metrics that your build of AIBrix adds.")
            .unless("[]");
    private static final PolicyKey<Void> KSERVE = group("kserve", "How KServe is set up on this cluster.");
    /** KServe's names, and its names before 0.16. Trimtab does not handle ModelMesh. */
    private static final PolicyKey<DeploymentMode> DEPLOYMENT_MODE = new PolicyKey<>(
                    "kserve.defaultDeploymentMode",
                    modes("Knative", "Standard", "Serverless", "RawDeployment"),
                    "The mode of an object [that names no mode](#kservedefaultdeploymentmode). `Serverless` and"
                            + " `RawDeployment` are older words for the other two.")
            .unless("Knative");

    // of profiles

    private static final PolicyKey<String> NAME = new PolicyKey<>(
                    "name",
                    new Text(Names::dnsLabelFlaw, "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"),
                    "The name that `explain` uses for the profile: 1 to 63 of a-z, 0-9 and `-`, each name once.")
            .required("every profile needs a name of its own");
    private static final PolicyKey<Void> MATCH = group(
            "match", "Which services the profile is for. All parts must hold; without any it is for every service.");
    private static final PolicyKey<List<String>> MATCH_NAMESPACES = new PolicyKey<>(
            "match.namespaces",
            some("namespace", new Text(Glob::flaw, "^[-a-z0-9*?]{1,128}$")),
            "Globs, of which one must match the namespace.");
    private static final String LABEL_KEY = key("[a-z0-9]");
    private static final Text LABEL_VALUE =
            new Text(Names::labelValueFlaw, "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$");
    private static final PolicyKey<Map<String, String>> MATCH_LABELS = new PolicyKey<>(
            "match.labels",
            new Texts(new Text(Names::labelKeyFlaw, "^" + LABEL_KEY), LABEL_VALUE),
            "Labels that must be on the service or on its pod template.");
    private static final PolicyKey<List<String>> MODEL_FORMATS = new PolicyKey<>(
            "match.modelFormats",
            some("model format", new Text(PolicyKeys::formatFlaw, "\\S")),
            "Names, of which one must be the [format of the model](#matchmodelformats).");
    private static final PolicyKey<List<ServiceKind>> KINDS = new PolicyKey<>(
            "match.kinds", some("kind", Choice.of(ServiceKind.class)), "Kinds, of which one must be the service's.");
    private static final PolicyKey<Integer> STARTUP_SECONDS = new PolicyKey<>(
            "startupSeconds",
            new Whole(Bounds.numbers("1", "86400", TRIMTAB)),
            "How many seconds a new pod takes [until it answers](#startupseconds): image, weights and all.");
    private static final PolicyKey<Integer> MAX_RESPONSE_SECONDS = new PolicyKey<>(
            "maxResponseSeconds",
            new Whole(Bounds.numbers("1", "86400", TRIMTAB)),
            "How many seconds [the longest response](#maxresponseseconds) takes, from the request to the last token.");
    private static final PolicyKey<Void> WINDOW = group("window", "How the autoscaler looks at such a model.");
    private static final PolicyKey<BigDecimal> PANIC_WINDOW = percentage(
            "panic-window-percentage",
            "window.panicWindowPercentage",
            "The window in which a [sudden load](#window) is noticed, in percent of the stable window.");
    private static final PolicyKey<BigDecimal> PANIC_THRESHOLD = new PolicyKey<>(
            "window.panicThresholdPercentage",
            new Decimal(Bounds.numbers("110", "1000", KNATIVE + "panic-threshold-percentage")),
            "How far above the target a load must be to count as [sudden](#window), in percent.");
    private static final PolicyKey<Integer> SCALE_DOWN_DELAY = new PolicyKey<>(
            "window.scaleDownDelay",
            new Seconds(Bounds.durations("0s", "1h", KNATIVE + "scale-down-delay")),
            "How long the load must stay low before [pods are taken away](#window).");
    private static final PolicyKey<BigDecimal> TARGET_UTILIZATION = percentage(
            "target-utilization-percentage",
            "window.targetUtilizationPercentage",
            "How [full](#window) to keep a pod, in percent of the target.");
    private static final PolicyKey<BigDecimal> TARGET = new PolicyKey<>(
            "window.target",
            new Decimal(Bounds.atLeast("0.01", KNATIVE + "target")),
            "How much of the [metric](#window), such as requests at a time, one pod takes.");
    private static final PolicyKey<Integer> CONCURRENCY = new PolicyKey<>(
            "containerConcurrency",
            new Whole(Bounds.numbers(
                    "0", "1000", "Knative takes unless the cluster has another container-concurrency-max-limit")),
            "How many requests one pod [takes at once](#containerconcurrency); 0 means any number.");
    private static final PolicyKey<BigDecimal> GPU_MEMORY = new PolicyKey<>(
            "gpuMemory",
            new Memory(
                    new Bounds(new BigDecimal(1L << 20), "1Mi", Optional.of(new BigDecimal(1L << 40)), "1Ti", TRIMTAB)),
            "How much [GPU memory](#gpumemory) the model needs, such as `12Gi`.");
    private static final PolicyKey<Integer> ROLLOUT_DURATION = duration(
            "rolloutDuration",
            "0s",
            "24h",
            "Over how long [traffic moves](#rolloutduration) from the old revision to the new one.");
    private static final PolicyKey<Void> TEMPLATE =
            group("template", "Annotations and labels for the pods, where the author has no such key.");
    private static final PolicyKey<Map<String, String>> ANNOTATIONS = new PolicyKey<>(
            "template.annotations",
            new Texts(new Text(Reserved::annotationFlaw, unreserved(key("[A-Za-z0-9]"))), Text.ANY),
            "[Annotations](#template) for the pods. Keys of Knative, KServe and Trimtab are refused.");
    private static final PolicyKey<Map<String, String>> LABELS = new PolicyKey<>(
            "template.labels",
            new Texts(new Text(Reserved::labelFlaw, unreserved(LABEL_KEY)), LABEL_VALUE),
            "[Labels](#template) for the pods. Keys of Knative, KServe and Trimtab are refused.");

    // of probes

    private static final PolicyKey<Integer> PORT = new PolicyKey<>(
            "port", new Whole(Bounds.numbers("1", "65535", "is a port")), "Unless set, the container's first port.");
    private static final PolicyKey<String> PATH = new PolicyKey<>(
                    "path",
                    // ECMA 262 has no possessive quantifiers.
                    new Text(
                            Handler.HttpGet::pathFlaw,
                            "^" + Handler.HttpGet.PATH.pattern().replaceFirst("\\+$", "\\$")),
                    "The path to ask, such as `/health`; `{name}` stands for the name of the service.")
            .required("write a path to ask, such as /health");
    private static final PolicyKey<String> SERVICE =
            new PolicyKey<>("service", Text.ANY, "The service to ask about; unless set, the server as a whole.");
    private static final PolicyKey<List<String>> COMMAND = new PolicyKey<>(
                    "command",
                    new ListOf<>(Text.ANY, "write a program and its arguments"),
                    "A program and its arguments; no shell.")
            .required("write a list of a program and its arguments");
    private static final PolicyKey<Handler> HTTP_GET = new PolicyKey<>(
            "httpGet",
            new Table<>(
                    new KeyTable(PATH, PORT), it -> it.get(PATH).map(path -> new Handler.HttpGet(path, it.get(PORT)))),
            "A GET, answered with a status from 200 to 399.");
    private static final PolicyKey<Handler> TCP_SOCKET = new PolicyKey<>(
            "tcpSocket",
            new Table<>(
                    new KeyTable(PORT),
                    it -> Optional.of(new Handler.TcpSocket(it.get(PORT))),
                    "write tcpSocket: {} for the container's own port"),
            "A connection, accepted. `{}` asks the container's own port.");
    private static final PolicyKey<Handler> GRPC = new PolicyKey<>(
            "grpc",
            new Table<>(
                    new KeyTable(PORT, SERVICE),
                    it -> Optional.of(
                            new Handler.Grpc(it.get(PORT), it.get(SERVICE).orElse(""))),
                    "write grpc: {} for the container's own port"),
            "gRPC's health checking protocol. `{}` asks the container's own port.");
    private static final PolicyKey<Handler> EXEC = new PolicyKey<>(
            "exec", new Table<>(new KeyTable(COMMAND), PolicyKeys::exec), "A command in the container, ended with 0.");
    private static final List<PolicyKey<Handler>> HANDLERS = List.of(HTTP_GET, TCP_SOCKET, GRPC, EXEC);

    private static final Map<String, String> TIMING = Stream.of(
                    "initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold")
            .collect(Collectors.toMap(
                    key -> key,
                    key -> "is not for profiles: Trimtab times a probe by the kind of the workload and by"
                            + " startupSeconds; a manifest may have its own"));
    static final Table<Handler> HANDLER =
            new Table<>(new KeyTable(TIMING, HANDLERS.toArray(PolicyKey<?>[]::new)), PolicyKeys::handler);
    private static final PolicyKey<Void> PROBES = group(
            "probes", "How the model's container is asked whether it is well, where it has no probe of that kind.");
    private static final PolicyKey<Handler> READINESS =
            new PolicyKey<>("probes.readiness", HANDLER, "Whether a pod [gets requests](#probes).");
    private static final PolicyKey<Handler> LIVENESS =
            new PolicyKey<>("probes.liveness", HANDLER, "Whether Kubernetes [restarts a container](#probes).");
    private static final PolicyKey<Handler> STARTUP = new PolicyKey<>(
            "probes.startup", HANDLER, "When [the other two](#probes) begin. Only for KServe's Standard mode.");

    // the maps

    static final KeyTable PROFILE = new KeyTable(
            NAME,
            MATCH,
            MATCH_NAMESPACES,
            MATCH_LABELS,
            MODEL_FORMATS,
            KINDS,
            CONFLICTS,
            SCALING,
            MAX_SCALE,
            WHEN_UNSET,
            INITIAL_SCALE,
            DEFAULT,
            WRITE,
            ON_UPDATE,
            FACTOR,
            STARTUP_SECONDS,
            MAX_RESPONSE_SECONDS,
            WINDOW,
            PANIC_WINDOW,
            PANIC_THRESHOLD,
            SCALE_DOWN_DELAY,
            TARGET_UTILIZATION,
            TARGET,
            CONCURRENCY,
            GPU_MEMORY,
            PROBES,
            READINESS,
            LIVENESS,
            STARTUP,
            TEMPLATE,
            ANNOTATIONS,
            LABELS,
            ROLLOUT_DURATION);
    private static final PolicyKey<List<Profile>> PROFILES = profiles(PROFILE).unless("[]");
    private static final PolicyKey<List<Profile>> PROFILES_IN_NAMESPACE = profiles(PROFILE.without(Map.of(
            "match.namespaces",
            "is not for a namespace's own profile: it is for that namespace anyway; leave it out")));

    static final KeyTable TOP = new KeyTable(
            API_VERSION,
            KIND,
            MODE,
            CONFLICTS,
            SCALING,
            MAX_SCALE,
            WHEN_UNSET,
            INITIAL_SCALE,
            DEFAULT,
            WRITE,
            ON_UPDATE,
            FACTOR,
            GPU,
            DIALECT,
            UNIT,
            TIMEOUTS,
            TIMEOUTS_FACTOR,
            PIN_DEFAULTS,
            NAMESPACES,
            ALLOW_PROFILES,
            STOP,
            GRACE_PERIOD,
            NATIVE_TIMEOUT,
            LIFECYCLE,
            NATIVE_STOP,
            START,
            DEADLINE,
            AIBRIX,
            CHECKS,
            REWRITE_DEAD_KEYS,
            METRICS,
            KSERVE,
            DEPLOYMENT_MODE,
            PROFILES);
    private static final List<String> IN_NAMESPACE = List.of("apiVersion", "kind", "profiles");
    private static final KeyTable TOP_IN_NAMESPACE = new KeyTable(
            TOP.all().stream()
                    .map(PolicyKey::path)
                    .filter(path -> !path.contains(".") && !IN_NAMESPACE.contains(path))
                    .collect(Collectors.toMap(
                            path -> path,
                            path -> "belongs in the cluster policy; a namespace policy may contain only "
                                    + "apiVersion, kind and profiles")),
            API_VERSION,
            KIND,
            PROFILES_IN_NAMESPACE);

    static final Table<Policy> CLUSTER = new Table<>(TOP, it -> Optional.of(policy(it)));

    static final Table<List<Profile>> NAMESPACE = new Table<>(TOP_IN_NAMESPACE, it -> it.get(PROFILES_IN_NAMESPACE));

    private PolicyKeys() {}

    /** The policy that sets nothing. */
    static Policy builtIn() {
        return policy(TOP.read(YamlText.value("{}")).orElseThrow());
    }

    private static Policy policy(Values top) {
        GpuDialect dialect = top.or(DIALECT);
        if (top.get(UNIT).isPresent() && dialect.unit().isEmpty()) {
            top.refuse(UNIT, "is for the dialects aliyun, hami, volcano and qgpu; leave it out");
        }
        return new Policy(
                top.or(MODE),
                top.or(CONFLICTS),
                new Scaling(top.or(WHEN_UNSET), top.or(DEFAULT), top.or(WRITE), top.or(ON_UPDATE), top.or(FACTOR)),
                top.or(TIMEOUTS_FACTOR),
                new Gpu(dialect, top.get(UNIT)),
                top.or(PIN_DEFAULTS),
                top.or(ALLOW_PROFILES),
                new Lifecycle(
                        Duration.ofSeconds(top.or(GRACE_PERIOD)),
                        Duration.ofSeconds(top.or(NATIVE_TIMEOUT)),
                        top.or(NATIVE_STOP),
                        Duration.ofSeconds(top.or(DEADLINE))),
                new Aibrix(top.or(CHECKS), top.or(REWRITE_DEAD_KEYS), Set.copyOf(top.or(METRICS))),
                top.or(DEPLOYMENT_MODE),
                top.or(PROFILES));
    }

    private static PolicyKey<List<Profile>> profiles(KeyTable keys) {
        return new PolicyKey<>(
                "profiles",
                new ListOfNamed<>(new Table<>(keys, PolicyKeys::profile), NAME),
                "Other values for some of the services: see [Profiles](#profiles).");
    }

    private static Optional<Profile> profile(Values profile) {
        return profile.get(NAME).map(name -> new Profile(name, match(profile), overrides(profile), serving(profile)));
    }

    private static Match match(Values profile) {
        return new Match(
                profile.get(MATCH_NAMESPACES).orElse(List.of()).stream()
                        .map(Glob::new)
                        .toList(),
                profile.get(MATCH_LABELS).orElse(Map.of()),
                Set.copyOf(profile.get(MODEL_FORMATS).orElse(List.of())),
                Set.copyOf(profile.get(KINDS).orElse(List.of())));
    }

    private static Overrides overrides(Values profile) {
        return new Overrides(
                profile.get(CONFLICTS),
                profile.get(WHEN_UNSET),
                profile.get(DEFAULT),
                profile.get(WRITE),
                profile.get(ON_UPDATE),
                profile.get(FACTOR));
    }

    private static Serving serving(Values profile) {
        return new Serving(
                profile.get(STARTUP_SECONDS),
                profile.get(MAX_RESPONSE_SECONDS),
                new Window(
                        profile.get(PANIC_WINDOW),
                        profile.get(PANIC_THRESHOLD),
                        profile.get(SCALE_DOWN_DELAY),
                        profile.get(TARGET_UTILIZATION),
                        profile.get(TARGET)),
                profile.get(CONCURRENCY),
                profile.get(GPU_MEMORY),
                new Probes(profile.get(READINESS), profile.get(LIVENESS), profile.get(STARTUP)),
                profile.get(ANNOTATIONS).orElse(Map.of()),
                profile.get(LABELS).orElse(Map.of()),
                profile.get(ROLLOUT_DURATION));
    }

    private static Optional<Handler> handler(Values probe) {
        String all = HANDLERS.stream().map(PolicyKey::path).collect(Collectors.joining(", "));
        List<PolicyKey<Handler>> found = HANDLERS.stream().filter(probe::has).toList();
        if (probe.isEmpty()) {
            probe.refuse("is empty; write one of " + all);
        } else if (found.size() > 1) {
            probe.refuse("has " + found.stream().map(PolicyKey::path).collect(Collectors.joining(" and "))
                    + "; a probe has exactly one of " + all);
        }
        return found.size() == 1 ? probe.get(found.get(0)) : Optional.empty();
    }

    private static Optional<Handler> exec(Values exec) {
        return exec.get(COMMAND).filter(it -> !it.isEmpty()).map(command -> {
            List<YamlValue> written = exec.entries(COMMAND);
            if (command.size() == written.size() && command.get(0).isBlank()) {
                written.get(0).refuse(Quoted.of(command.get(0)) + " is not a program");
            }
            return new Handler.Exec(command);
        });
    }

    private static Optional<String> formatFlaw(String name) {
        return name.isBlank()
                ? Optional.of("is not a model format; write a name as in modelFormat.name, such as vLLM")
                : Optional.empty();
    }

    private static PolicyKey<String> fixed(String path, String text, String meaning) {
        return new PolicyKey<>(path, new Fixed(text), meaning).required("this release reads " + text);
    }

    private static PolicyKey<Void> group(String path, String meaning) {
        return new PolicyKey<>(path, new Group(), meaning);
    }

    private static PolicyKey<Integer> duration(String path, String least, String most, String meaning) {
        return new PolicyKey<>(path, new Seconds(Bounds.durations(least, most, TRIMTAB)), meaning);
    }

    private static PolicyKey<BigDecimal> percentage(String annotation, String path, String meaning) {
        return new PolicyKey<>(path, new Decimal(Bounds.numbers("1", "100", KNATIVE + annotation)), meaning);
    }

    /** A list of which one entry must match. An empty list is refused, since its meaning is unclear. */
    private static <T> ListOf<T> some(String what, KeyType<T> entry) {
        return new ListOf<>(entry, "leave the key out to match every " + what);
    }

    private static Choice<DeploymentMode> modes(String... words) {
        Map<String, DeploymentMode> modes = new LinkedHashMap<>();
        for (String word : words) {
            modes.put(word, DeploymentMode.named(word).orElseThrow());
        }
        return new Choice<>(modes);
    }

    /** Label or annotation keys in ECMA 262. {@code edge} matches both ends of a domain part. */
    private static String key(String edge) {
        String part = edge + "([-" + edge.substring(1, edge.length() - 1) + "]*" + edge + ")?";
        return "(" + part + "(\\." + part + ")*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$";
    }

    private static String unreserved(String key) {
        return "^(?!"
                + Reserved.OWNERS.keySet().stream()
                        .map(it -> it.replace(".", "\\."))
                        .collect(Collectors.joining("|")) + ")" + key;
    }
}
