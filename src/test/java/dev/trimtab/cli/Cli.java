package dev.trimtab.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command line, run to its end inside of the test: what it printed, and its exit code. */
public record Cli(int code, String out, String err) {
    /** A Service of which nothing is said but its smallest scale, and what admission makes of it. */
    public static final String SERVICE = """
            # the greeter
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata:
              name: hello   # for everybody
            spec:
              template:
                metadata:
                  annotations:
                    autoscaling.knative.dev/min-scale: "1"
                spec:
                  containers:
                  - image: registry.example/hello
                    unknownField: [1, 2.50, yes]
            """;

    public static final String SERVICE_ADMITTED = """
            # the greeter
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata:
              name: hello   # for everybody
              annotations:
                trimtab.dev/filled: '{"filled":{"/spec/template/metadata/annotations/autoscaling.knative.dev~1initial-scale":"1","/spec/template/metadata/annotations/autoscaling.knative.dev~1max-scale":"0","/spec/template/spec/containerConcurrency":0,"/spec/template/spec/idleTimeoutSeconds":0,"/spec/template/spec/responseStartTimeoutSeconds":0,"/spec/template/spec/timeoutSeconds":300}}'
            spec:
              template:
                metadata:
                  annotations:
                    autoscaling.knative.dev/min-scale: "1"
                    autoscaling.knative.dev/max-scale: "0"
                    autoscaling.knative.dev/initial-scale: "1"
                spec:
                  containers:
                  - image: registry.example/hello
                    unknownField: [1, 2.50, yes]
                  timeoutSeconds: 300
                  containerConcurrency: 0
                  responseStartTimeoutSeconds: 0
                  idleTimeoutSeconds: 0
            """;

    /** Its initial-scale cannot stay. */
    public static final String CONFLICT = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: eager}
            spec:
              template:
                metadata:
                  annotations:
                    autoscaling.knative.dev/max-scale: "3"
                    autoscaling.knative.dev/initial-scale: "7"
                spec: {containers: [{image: registry.example/eager}]}
            """;

    public static final String INFERENCE_SERVICE = """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata: {name: llama}
            spec:
              predictor:
                minReplicas: 2
                maxReplicas: 3
                model: {modelFormat: {name: huggingface}}
              transformer:
                containers: [{name: kserve-container, image: registry.example/transform}]
            """;

    public static final String CONFIG_MAP = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: other}   # not ours
            data: {x: "1"}
            """;

    public static Cli run(String... args) {
        return runWith("", args);
    }

    public static Cli runWith(String standardInput, String... args) {
        return runWith(standardInput.getBytes(StandardCharsets.UTF_8), args);
    }

    public static Cli runWith(byte[] standardInput, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = TrimtabCommand.run(
                args, new ByteArrayInputStream(standardInput), new PrintWriter(out), new PrintWriter(err));
        return new Cli(code, out.toString(), err.toString());
    }

    /** What stands on standard error, line by line. */
    public List<String> errors() {
        return err.lines().toList();
    }

    public static String write(Path folder, String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
