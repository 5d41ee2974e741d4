package io.gradwatch.telemetry.access;

import java.util.Optional;

/**
 * Who asks.
 *
 * @param name of their token; empty where nobody has to prove anything, and for commands of this machine
 * @param tokenId of their token, likewise
 * @param proven whether they had to prove something
 */
public record Person(Optional<String> name, Role role, Optional<String> tokenId, boolean proven) {
    /** Who reaches a service that asks nobody for anything. */
    public static final Person ANYBODY = new Person(Optional.empty(), Role.ADMIN, Optional.empty(), false);

    /** Who may read the data directory. */
    static final Person OWNER = new Person(Optional.empty(), Role.ADMIN, Optional.empty(), true);

    static Person of(Grant grant) {
        return new Person(Optional.of(grant.name()), grant.role(), Optional.of(grant.id()), true);
    }
}
