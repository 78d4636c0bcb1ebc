package dev.trimtab.schedule;

/** Names a ServingSchedule. */
public record ScheduleRef(String namespace, String name) {
    @Override
    public String toString() {
        return "ServingSchedule " + namespace + "/" + name;
    }
}
