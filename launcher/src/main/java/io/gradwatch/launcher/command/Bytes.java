package io.gradwatch.launcher.command;

import java.util.Locale;

/** Numbers of bytes for people. */
final class Bytes {
    private Bytes() {}

    static String text(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        double value = bytes / 1e3;
        String unit = "kB";
        for (String next : new String[] {"MB", "GB", "TB"}) {
            if (value < 1_000) {
                break;
            }
            value /= 1e3;
            unit = next;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
    }
}
