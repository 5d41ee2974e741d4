package io.gradwatch.telemetry.group;

import java.util.Set;

/**
 * A service of the group, as Kafka tells of it.
 *
 * @param id unlike that of any other
 * @param url where the others reach it
 * @param partitions numbers of those that it owns
 */
public record Member(String id, String url, Set<Integer> partitions) {
    public Member {
        partitions = Set.copyOf(partitions);
    }

    /** The id of whoever is reached at an address: so two of one address cannot be in the group at a time. */
    static String idOf(String url) {
        return url.replaceFirst("^https?://", "").replaceAll("[^A-Za-z0-9.-]", "_");
    }
}
