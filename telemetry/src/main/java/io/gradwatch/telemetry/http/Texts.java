package io.gradwatch.telemetry.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** How the database orders texts: by the bytes of UTF-8, which is not how Java does. */
final class Texts {
    static final Comparator<String> ORDER =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private Texts() {}
}
