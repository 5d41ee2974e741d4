package io.gradwatch.telemetry.access;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What somebody may do; each may do what those before it may. */
public enum Role {
    /** Reads everything. */
    VIEWER,
    /** Commands trainers, and says things about runs and alerts. */
    OPERATOR,
    /** Deletes, imports, changes rules and notifications, reads who did what. */
    ADMIN;

    /** Whether who has this role may do what needs another. */
    public boolean includes(Role needed) {
        return compareTo(needed) >= 0;
    }

    /** In lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of this label. */
    public static Optional<Role> of(String label) {
        return Stream.of(values()).filter(role -> role.label().equals(label)).findFirst();
    }
}
