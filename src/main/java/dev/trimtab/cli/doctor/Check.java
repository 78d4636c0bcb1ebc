package dev.trimtab.cli.doctor;

import java.util.List;

/** Judges what was read. Throws for nothing that a cluster may hold. */
interface Check {
    /** The name in the output, and in the table of {@code docs/doctor.md}. */
    String name();

    /** One line for that table: what must hold. */
    String about();

    List<Finding> of(Observed cluster);

    /** In the order of the page. */
    static List<Check> all() {
        return List.of(
                new WebhooksCheck(),
                new OrderCheck(),
                new EntriesCheck(),
                new ClosedDoorCheck(),
                new NamespacesCheck(),
                new CertificateCheck(),
                new ReplicasCheck(),
                new ControllerCheck(),
                new PolicyCheck(),
                new VersionsCheck(),
                new PermissionsCheck(),
                new FormatsCheck(),
                new ServicesCheck(),
                new WriteCheck());
    }
}
