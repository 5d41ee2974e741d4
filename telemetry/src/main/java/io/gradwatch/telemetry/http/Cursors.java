package io.gradwatch.telemetry.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Cursors of lists: opaque to clients; inside, a few whole numbers. */
final class Cursors {
    private static final Pattern NUMBERS = Pattern.compile("-?[0-9]{1,18}(,-?[0-9]{1,18})*");

    private Cursors() {}

    static String of(Long... numbers) {
        String text =
                String.join(",", List.of(numbers).stream().map(String::valueOf).toList());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The numbers of the parameter {@code cursor}, if it is given. */
    static Optional<List<Long>> read(QueryParameters query, int numbers) {
        Optional<List<Long>> read = readAny(query);
        if (read.isPresent() && read.get().size() != numbers) {
            throw refused(query.text("cursor").orElse(""));
        }
        return read;
    }

    /** The same, however many they are. */
    static Optional<List<Long>> readAny(QueryParameters query) {
        return query.text("cursor").map(cursor -> {
            String text;
            try {
                text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw refused(cursor);
            }
            if (!NUMBERS.matcher(text).matches()) {
                throw refused(cursor);
            }
            return List.of(text.split(",", -1)).stream().map(Long::valueOf).toList();
        });
    }

    private static ApiProblem refused(String cursor) {
        return ApiProblem.badValue("cursor", cursor, "the \"next\" of the page before");
    }
}
