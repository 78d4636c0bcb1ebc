package dev.trimtab.schedule;

/** What a schedule, or a person, wants a service to be. */
public enum Phase {
    UP("Up"),
    DOWN("Down");

    private final String term;

    Phase(String term) {
        this.term = term;
    }

    /** As in the status of a ServingSchedule. */
    public String term() {
        return term;
    }
}
