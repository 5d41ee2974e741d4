package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.AlertQueries;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cursors of alerts in the order of their time. Opaque to clients. */
final class AlertCursors {
    private static final Pattern FORM = Pattern.compile("(-?[0-9]{1,18}) (.{1,500})", Pattern.DOTALL);

    /** The order of the list: newest first. */
    static final Comparator<AlertQueries.Place> ORDER = Comparator.comparingLong(AlertQueries.Place::firstAtMs)
            .reversed()
            .thenComparing(place -> place.alertId(), Texts.ORDER.reversed());

    private AlertCursors() {}

    static String of(AlertQueries.Place place) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((place.firstAtMs() + " " + place.alertId()).getBytes(StandardCharsets.UTF_8));
    }

    static Optional<AlertQueries.Place> read(QueryParameters query) {
        return query.text("cursor").map(AlertCursors::place);
    }

    static AlertQueries.Place place(String cursor) {
        try {
            Matcher matcher = FORM.matcher(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
            if (matcher.matches()) {
                return new AlertQueries.Place(Long.parseLong(matcher.group(1)), matcher.group(2));
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw ApiProblem.badValue("cursor", cursor, "the \"next\" of the page before");
    }
}
