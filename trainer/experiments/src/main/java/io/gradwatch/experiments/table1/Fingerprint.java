package io.gradwatch.experiments.table1;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Tells runs that may stand for each other from others. */
public final class Fingerprint {
    private static final int BYTES = 8;

    private Fingerprint() {}

    /**
     * 16 hexadecimal digits that any change of a setting or of the images changes.
     *
     * @param options the settings by their names on the command line; the seed is left out
     * @param dataset name of the data set
     * @param sha256 of its images
     */
    public static String of(Map<String, String> options, String dataset, String sha256) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(options).forEach((name, value) -> {
            if (!name.equals("seed")) {
                text.append(name).append('=').append(value).append('\n');
            }
        });
        text.append(dataset).append('\n').append(sha256);
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
