package io.gradwatch.telemetry;

import io.gradwatch.telemetry.access.Loopback;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * With whom the service shares the work.
 *
 * @param group name of their consumer group
 * @param url where the others reach this service, without a slash at its end
 */
record Sharing(String group, String url) {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

    /**
     * What the options mean; empty: the service is alone.
     *
     * @throws IllegalArgumentException they cannot be meant; the message says what is accepted
     */
    static Optional<Sharing> of(@Nullable String group, @Nullable String advertise, Endpoint endpoint) {
        if (group == null || group.isEmpty()) {
            if (advertise != null && !advertise.isEmpty()) {
                throw new IllegalArgumentException("--advertise is given without --group; accepted are both, or none");
            }
            return Optional.empty();
        }
        if (!group.matches(NAME)) {
            throw new IllegalArgumentException("--group is \"" + group
                    + "\"; accepted are 1 to 100 letters, digits, dots, underscores and hyphens");
        }
        if (advertise != null && !advertise.isEmpty()) {
            return Optional.of(new Sharing(group, url(advertise)));
        }
        if (!Loopback.is(endpoint.host()) || endpoint.port() == 0) {
            throw new IllegalArgumentException("--advertise is missing: how the others of group " + group
                    + " reach this service does not follow from --host " + endpoint.host() + " and --port "
                    + endpoint.port() + "; accepted is an address like http://gradwatch-1:8080");
        }
        return Optional.of(new Sharing(group, endpoint.url(endpoint.port())));
    }

    private static String url(String text) {
        String plain = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        try {
            URI uri = URI.create(plain);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getRawPath().isEmpty() && uri.getRawQuery() == null) {
                return plain;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException("--advertise is \"" + text
                + "\"; accepted is the address of this service for the others, like http://gradwatch-1:8080");
    }
}
