package io.gradwatch.telemetry.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a browser keeps in place of a token: the token's id and a time, signed. It outlives a restart of the service, ends with
 * its time or its token, and tells nobody the token.
 */
final class Sessions {
    static final Duration LIFE = Duration.ofDays(7);

    private static final Pattern FORM = Pattern.compile("([0-9a-f]{12})\\.([0-9]{1,15})\\.([A-Za-z0-9_-]{43})");

    private final SecretKeySpec key;

    /** @param secret of the data directory */
    Sessions(String secret) {
        this.key = new SecretKeySpec(Token.sha256("sessions:" + secret), "HmacSHA256");
    }

    record Session(String tokenId, long untilMs) {}

    String sign(Session session) {
        String said = session.tokenId() + "." + session.untilMs();
        return said + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(mac(said));
    }

    /** The session; empty when it is none of ours, or over. */
    Optional<Session> read(String text, long nowMs) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        byte[] signature = Base64.getUrlDecoder().decode(matcher.group(3));
        Session session = new Session(matcher.group(1), Long.parseLong(matcher.group(2)));
        boolean genuine = MessageDigest.isEqual(mac(session.tokenId() + "." + session.untilMs()), signature);
        return genuine && nowMs < session.untilMs() ? Optional.of(session) : Optional.empty();
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
