package io.gradwatch.experiments.run;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Ids of runs: "20261123-160512-vgg38-bn-resnet-4f2a", so that they sort by their start and tell the preset. */
public final class RunNames {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private RunNames() {}

    /** A new id: start in UTC, preset, four random hexadecimal digits for runs that start in the same second. */
    public static String newId(Instant start, String preset, RandomGenerator random) {
        return String.format(Locale.ROOT, "%s-%s-%04x", STAMP.format(start), preset, random.nextInt(0x10000));
    }
}
