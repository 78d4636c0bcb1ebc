package dev.trimtab.api.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Kubectl.Printed;
import dev.trimtab.api.cluster.NeedsApiServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an author of a ServingSchedule sees, and who may be one. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class ScheduleApplyTest extends ApiTest {
    private static final String ANN = "ann";

    private String schedule(String name, String selector, String more) {
        return """
                apiVersion: trimtab.dev/v1alpha1
                kind: ServingSchedule
                metadata: {name: %s, namespace: %s}
                spec:
                  selector: %s
                  timeZone: Europe/Berlin
                  uptime: ["Mon-Fri 08:00-20:00"]
                """.formatted(name, namespace, selector) + more.indent(2);
    }

    private String office(String more) {
        return schedule("office", "{matchLabels: {tier: dev}}", more);
    }

    private void refused(String manifest, String... said) {
        Printed printed = cluster.kubectl.apply(manifest);
        assertThat(printed.exitCode()).as(printed.out()).isNotZero();
        assertThat(printed.err()).contains(said);
    }

    @Test
    @DisplayName("a valid schedule, twice: taken as it is written, with its defaults")
    void valid() {
        assertThat(cluster.kubectl.apply(office("")).out()).contains("office created");
        assertThat(cluster.kubectl.apply(office("")).out()).contains("office unchanged");
    }

    @Test
    @DisplayName("the API server itself refuses what has the wrong shape")
    void shape() {
        refused(schedule("office", "{}", ""), "an empty selector would select all services of the namespace");
        refused(office("onDelete: Stop"), "spec.onDelete: Unsupported value: \"Stop\"");
        refused(office("warmUpMinutes: 2000"), "spec.warmUpMinutes");
        refused(office("holidays: [christmas]"), "spec.holidays[0]");
        refused(office("").replace("Mon-Fri 08:00-20:00", "office hours"), "write days and times");
        refused(schedule("office", "{matchExpressions: [{key: tier, operator: In}]}", ""), "In and NotIn need values");
    }

    @Test
    @DisplayName("Trimtab refuses what only a library can read, with the field and what to write")
    void content() {
        refused(office("").replace("Europe/Berlin", "Europe/Berlln"), "spec.timeZone", "Europe/Berlin");
        refused(office("").replace("Mon-Fri 08:00", "Mon-Fry 08:00"), "spec.uptime[0]");
        refused(office("holidays: [\"2026-02-30\"]"), "spec.holidays[0]", "2026-02-30");
    }

    @Test
    @DisplayName("two schedules that could select the same service: the second is refused with both names")
    void overlap() {
        assertThat(cluster.kubectl.apply(office("")).exitCode()).isZero();
        String other = schedule("nights", "{matchLabels: {team: search}}", "");
        Eventually.holds("the overlap is known", () -> {
            Printed printed = cluster.kubectl.apply(other, "--dry-run=server");
            return printed.err().contains("ServingSchedule nights")
                    && printed.err().contains("by office");
        });
        refused(other, "spec.selector", "tier=dev", "team=search", "NotIn");

        String apart = schedule(
                "nights",
                "{matchLabels: {team: search}, matchExpressions: [{key: tier, operator: NotIn, values: [dev]}]}",
                "");
        assertThat(cluster.kubectl.apply(apart).err()).isEmpty();
    }

    @Test
    @DisplayName("a label on a schedule is no new spec: the guard does not ask again")
    void labels() {
        assertThat(cluster.kubectl.apply(office("")).exitCode()).isZero();
        Printed labelled =
                cluster.kubectl.run("", List.of("label", "-n", namespace, "servingschedule", "office", "team=search"));
        assertThat(labelled.err()).isEmpty();
    }

    @Test
    @DisplayName("who may not patch services may not write a schedule that stops them")
    void rights() {
        grant("schedules", "servingschedules.trimtab.dev", "get,create,patch,update");
        Printed without = apply(ANN, office(""));
        assertThat(without.exitCode()).isNotZero();
        assertThat(without.err()).contains("the right to patch all inferenceservices of this namespace");

        grant("services", "inferenceservices.serving.kserve.io", "patch");
        Printed some = apply(ANN, office(""));
        assertThat(some.exitCode()).isNotZero();
        assertThat(some.err()).contains("inferencegraphs").contains("spec.kinds");

        Printed kind = apply(ANN, office("kinds: [InferenceService]"));
        assertThat(kind.err()).isEmpty();

        // An update that would stop more.
        Printed more = apply(ANN, office("kinds: [InferenceService, LLMInferenceService]"));
        assertThat(more.exitCode()).isNotZero();
        assertThat(more.err()).contains("llminferenceservices");
    }

    private void grant(String role, String resource, String verbs) {
        admin("create", "role", role, "--resource=" + resource, "--verb=" + verbs);
        admin("create", "rolebinding", role, "--role=" + role, "--user=" + ANN);
        String verb = verbs.replaceAll(",.*", "");
        Eventually.holds(
                "the role counts",
                () -> cluster.kubectl
                                .run("", List.of("auth", "can-i", verb, resource, "-n", namespace, "--as=" + ANN))
                                .exitCode()
                        == 0);
    }

    private void admin(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-n", namespace));
        Printed printed = cluster.kubectl.run("", all);
        assertThat(printed.exitCode()).as(printed.err()).isZero();
    }

    private Printed apply(String user, String manifest) {
        return cluster.kubectl.apply(manifest, "--as=" + user);
    }
}
