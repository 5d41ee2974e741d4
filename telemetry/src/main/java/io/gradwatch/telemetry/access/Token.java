package io.gradwatch.telemetry.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What proves who somebody is: {@code gw_ID_SECRET}. The id, 12 hexadecimal digits, says which token is meant and is no secret;
 * the secret is 256 random bits.
 *
 * <p>A hash is SHA-256 over id and secret. What makes passwords need a slow hash is that they can be guessed; of 2^256 secrets
 * nobody guesses one, however fast the hash. The id makes the hashes of equal secrets differ, as a salt does.
 */
public record Token(String id, String secret) {
    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 6;
    private static final Pattern FORM = Pattern.compile("gw_([0-9a-f]{12})_([A-Za-z0-9_-]{43})");

    /** A new one that nobody else has. */
    static Token random(SecureRandom random) {
        byte[] id = new byte[ID_BYTES];
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(id);
        random.nextBytes(secret);
        return new Token(
                HexFormat.of().formatHex(id),
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** The token that a text is; empty when it is none. */
    public static Optional<Token> parse(String text) {
        var matcher = FORM.matcher(text);
        return matcher.matches() ? Optional.of(new Token(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    /** What is kept of it: hexadecimal. */
    String hash() {
        return HexFormat.of().formatHex(sha256(id + ":" + secret));
    }

    /** Whether a hash is of this token; takes as long whatever the hash. */
    boolean matches(String hash) {
        return MessageDigest.isEqual(
                hash().getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
    }

    /** The token as its holder gives it. */
    String text() {
        return "gw_" + id + "_" + secret;
    }

    /** The secret stays out of logs. */
    @Override
    public String toString() {
        return "gw_" + id + "_…";
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
