package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.cli.print.Counted;
import java.util.ArrayList;
import java.util.List;

/** Whether the stored services have what the policy gives to new ones. */
final class ServicesCheck implements Check {
    private static final String SCAN = "trimtab scan -A (docs/scan-and-refresh.md)";

    @Override
    public String name() {
        return "services";
    }

    @Override
    public String about() {
        return "no stored service lacks a value that the policy gives to new ones, and none has a value that Knative now"
                + " refuses";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        if (cluster.unread(Source.SCAN).isPresent()) {
            return List.of(
                    Finding.unchecked("services", cluster.unread(Source.SCAN).get()));
        }
        JsonNode scan = cluster.value(Source.SCAN);
        long illegal = scan.path("illegal").asLong();
        long unfilled = scan.path("unfilled").asLong();
        List<Finding> findings = new ArrayList<>();
        if (illegal > 0) {
            findings.add(Finding.warning(
                    "services",
                    "%s a value that Knative now refuses"
                            .formatted(illegal == 1 ? "1 object has" : illegal + " objects have"),
                    SCAN));
        }
        if (unfilled > 0) {
            findings.add(Finding.warning(
                    "services",
                    "%s values that the policy gives to new ones"
                            .formatted(unfilled == 1 ? "1 object lacks" : unfilled + " objects lack"),
                    SCAN));
        }
        long other = scan.path("differing").asLong();
        if (findings.isEmpty()) {
            String objects = Counted.of(scan.path("objects").asLong(), "object");
            findings.add(Finding.fine(
                    "services",
                    "%s: none lacks a value; %s an older value, until a refresh"
                            .formatted(objects, other == 1 ? "1 has" : other + " have")));
        }
        return findings;
    }
}
