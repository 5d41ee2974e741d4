package io.gradwatch.telemetry.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Proves to a receiver who shares a secret that a message is ours, and when it was sent. */
final class Signature {
    private static final String ALGORITHM = "HmacSHA256";

    private Signature() {}

    /**
     * {@code t=SECONDS,v1=HEX}: HMAC-SHA256 over {@code SECONDS.BODY}.
     *
     * @param atSeconds since the epoch
     */
    static String of(String secret, long atSeconds, String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            byte[] hash = mac.doFinal((atSeconds + "." + body).getBytes(StandardCharsets.UTF_8));
            return "t=" + atSeconds + ",v1=" + HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
