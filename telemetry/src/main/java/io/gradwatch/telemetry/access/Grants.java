package io.gradwatch.telemetry.access;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All tokens that were given, and the text that keeps them: one a line. Immutable. */
public record Grants(List<Grant> all) {
    static final Grants NONE = new Grants(List.of());
    private static final String HEAD =
            "# Who may use this Gradwatch: name, role, id and SHA-256 of the token, since when. Made by 'gradwatch"
                    + " access'.\n";

    public Grants {
        all = List.copyOf(all);
    }

    /**
     * Reads a text.
     *
     * @throws IllegalArgumentException a line is none of ours; the message names it
     */
    static Grants parse(String text) {
        List<Grant> all = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                Grant grant = grant(line.strip().split("\\s+", -1), number);
                if (all.stream().anyMatch(g -> g.name().equals(grant.name()))) {
                    throw new IllegalArgumentException("line " + number + " is a second token of " + grant.name());
                }
                all.add(grant);
            }
        }
        return new Grants(all);
    }

    private static Grant grant(String[] words, int number) {
        Optional<Role> role = words.length == 5 ? Role.of(words[1]) : Optional.empty();
        if (role.isPresent()
                && Grant.isName(words[0])
                && words[2].matches("[0-9a-f]{12}")
                && words[3].matches("[0-9a-f]{64}")) {
            try {
                return new Grant(words[0], role.get(), words[2], words[3], Instant.parse(words[4]));
            } catch (DateTimeParseException e) {
                // said below
            }
        }
        throw new IllegalArgumentException(
                "line " + number + " is not NAME ROLE ID SHA-256 TIME; accepted is what 'gradwatch access add' writes");
    }

    /** The text. */
    String text() {
        StringBuilder text = new StringBuilder(HEAD);
        all.forEach(g -> text.append(g.name())
                .append(' ')
                .append(g.role().label())
                .append(' ')
                .append(g.id())
                .append(' ')
                .append(g.hash())
                .append(' ')
                .append(g.since())
                .append('\n'));
        return text.toString();
    }

    Optional<Grant> named(String name) {
        return all.stream().filter(g -> g.name().equals(name)).findFirst();
    }

    /** Whose token it is. */
    Optional<Grant> of(Token token) {
        Optional<Grant> meant = byId(token.id());
        return meant.filter(grant -> token.matches(grant.hash()));
    }

    Optional<Grant> byId(String id) {
        return all.stream().filter(g -> g.id().equals(id)).findFirst();
    }

    Grants with(Grant grant) {
        List<Grant> more = new ArrayList<>(all);
        more.add(grant);
        return new Grants(more);
    }

    Grants without(String name) {
        return new Grants(all.stream().filter(g -> !g.name().equals(name)).toList());
    }
}
