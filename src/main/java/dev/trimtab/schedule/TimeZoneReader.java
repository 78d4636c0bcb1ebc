package dev.trimtab.schedule;

import dev.trimtab.policy.ClosestWord;
import dev.trimtab.policy.PolicyProblem.Quoted;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads the name of a time zone of the IANA database. Of its names, those that say a fixed offset, or an abbreviation as
 * of 1993, are refused: their clocks do not change where people believe that they do.
 */
final class TimeZoneReader {
    private static final String EXAMPLE = "Europe/Berlin";

    private static final Pattern OFFSET =
            Pattern.compile("(?:Etc/)?(?:UTC|GMT|UT|Z)?\\s*[+-]?\\d{1,2}(?::?\\d{2})?", Pattern.CASE_INSENSITIVE);

    private static final Pattern ABBREVIATION = Pattern.compile("[A-Za-z]{2,4}(?:\\d[A-Za-z]{3})?");

    /** Places where most people mean the abbreviation, as far as it has one meaning. */
    private static final Map<String, String> PLACES = Map.ofEntries(
            Map.entry("UTC", "UTC"),
            Map.entry("CET", EXAMPLE),
            Map.entry("CEST", EXAMPLE),
            Map.entry("MET", EXAMPLE),
            Map.entry("MEZ", EXAMPLE),
            Map.entry("EET", "Europe/Helsinki"),
            Map.entry("WET", "Europe/Lisbon"),
            Map.entry("GMT", "Europe/London, or UTC"),
            Map.entry("GB", "Europe/London"),
            Map.entry("BST", "Europe/London"),
            Map.entry("EST", "America/New_York"),
            Map.entry("EDT", "America/New_York"),
            Map.entry("EST5EDT", "America/New_York"),
            Map.entry("CST", "America/Chicago or Asia/Shanghai"),
            Map.entry("CDT", "America/Chicago"),
            Map.entry("CST6CDT", "America/Chicago"),
            Map.entry("MST", "America/Denver"),
            Map.entry("MDT", "America/Denver"),
            Map.entry("MST7MDT", "America/Denver"),
            Map.entry("PST", "America/Los_Angeles"),
            Map.entry("PDT", "America/Los_Angeles"),
            Map.entry("PST8PDT", "America/Los_Angeles"),
            Map.entry("HST", "Pacific/Honolulu"),
            Map.entry("JST", "Asia/Tokyo"),
            Map.entry("KST", "Asia/Seoul"),
            Map.entry("IST", "Asia/Kolkata"),
            Map.entry("PRC", "Asia/Shanghai"),
            Map.entry("AEST", "Australia/Sydney"));

    /** Large cities that the database does not have. */
    private static final Map<String, String> CITIES = Map.of(
            "beijing", "Asia/Shanghai",
            "delhi", "Asia/Kolkata",
            "mumbai", "Asia/Kolkata",
            "munich", "Europe/Berlin",
            "seattle", "America/Los_Angeles",
            "boston", "America/New_York");

    private TimeZoneReader() {}

    static Optional<ZoneId> read(SpecValue value) {
        if (value.isAbsent()) {
            value.refuse("is missing; name a time zone, such as " + EXAMPLE + " or UTC");
        }
        Optional<String> written = value.text();
        if (written.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> problem = problem(written.get());
        problem.ifPresent(it -> value.refuse(Quoted.of(written.get()) + " " + it));
        return problem.isPresent() ? Optional.empty() : Optional.of(ZoneId.of(written.get()));
    }

    private static Optional<String> problem(String name) {
        if (name.equals("UTC") || name.equals("Etc/UTC")) {
            return Optional.empty();
        }
        if (OFFSET.matcher(name).matches()) {
            return Optional.of(
                    "is a fixed offset, whose clock never changes; write a place, such as " + EXAMPLE + ", or UTC");
        }
        if (ABBREVIATION.matcher(name).matches() && known().stream().noneMatch(it -> city(it).equalsIgnoreCase(name))) {
            return Optional.of("is an abbreviation, which does not say when the clock changes; write a place, such as "
                    + PLACES.getOrDefault(name.toUpperCase(Locale.ROOT), EXAMPLE));
        }
        if (known().contains(name)) {
            return Optional.empty();
        }
        return Optional.of("is no time zone of the IANA database; "
                + closest(name)
                        .map(it -> "did you mean " + it + "?")
                        .orElse("write one such as " + EXAMPLE + ", America/New_York or UTC"));
    }

    /** Without the time zones of places that are no places. */
    private static Set<String> known() {
        Set<String> names = new TreeSet<>(ZoneId.getAvailableZoneIds());
        names.removeIf(it -> it.startsWith("SystemV/") || it.startsWith("Etc/") || abbreviates(it));
        return names;
    }

    private static boolean abbreviates(String name) {
        return ABBREVIATION.matcher(name).matches() && name.equals(name.toUpperCase(Locale.ROOT));
    }

    private static Optional<String> closest(String name) {
        String city = city(name);
        String known = CITIES.get(city.toLowerCase(Locale.ROOT).replaceAll("[ _-]", ""));
        if (known != null) {
            return Optional.of(known);
        }
        List<String> names = List.copyOf(known());
        Optional<String> sameCity = names.stream()
                .filter(it -> it.contains("/") && plain(city(it)).equals(plain(city)))
                .findFirst();
        // A city that differs in two letters of seven is another city, however long the name of its continent is.
        return sameCity.or(() -> ClosestWord.to(name, names)
                .filter(it -> ClosestWord.to(city, List.of(city(it))).isPresent()));
    }

    private static String city(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private static String plain(String city) {
        return city.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
    }
}
