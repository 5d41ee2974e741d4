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
 * What a service says to another one of its group when it hands a request on: who asks, and from where, signed with what only
 * they share. A pass is for one request alone and for a short time, so one that is overheard opens nothing else.
 */
final class Passes {
    /** Services' clocks may differ by so much. */
    static final Duration LIFE = Duration.ofSeconds(60);

    private static final Pattern FORM = Pattern.compile("([0-9]{1,15})\\.([a-z]{1,20})\\.([01])\\.([A-Za-z0-9_-]*)"
            + "\\.([0-9a-f]{0,12})\\.([A-Za-z0-9_-]*)\\.([A-Za-z0-9_-]{43})");

    private final SecretKeySpec key;

    /** @param secret that the services of a group share */
    Passes(String secret) {
        this.key = new SecretKeySpec(Token.sha256("passes:" + secret), "HmacSHA256");
    }

    /** @param request method and target of the request that it is for */
    String sign(Pass pass, String request, long nowMs) {
        Person person = pass.person();
        String said = (nowMs + LIFE.toMillis()) + "." + person.role().label() + "." + (person.proven() ? "1" : "0")
                + "."
                + encoded(person.name().orElse("")) + "." + person.tokenId().orElse("") + "."
                + encoded(pass.address());
        return said + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(mac(request, said));
    }

    /** The pass; empty when it is none of ours, over, or for another request. */
    Optional<Pass> read(String text, String request, long nowMs) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            byte[] signature = Base64.getUrlDecoder().decode(matcher.group(7));
            String said = text.substring(0, text.lastIndexOf('.'));
            long untilMs = Long.parseLong(matcher.group(1));
            boolean inTime = nowMs < untilMs && untilMs <= nowMs + 2 * LIFE.toMillis();
            if (!MessageDigest.isEqual(mac(request, said), signature) || !inTime) {
                return Optional.empty();
            }
            return Role.of(matcher.group(2))
                    .map(role -> new Pass(
                            new Person(
                                    some(decoded(matcher.group(4))),
                                    role,
                                    some(matcher.group(5)),
                                    matcher.group(3).equals("1")),
                            decoded(matcher.group(6))));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no Base64
        }
    }

    private static Optional<String> some(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    }

    private byte[] mac(String request, String said) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal((request + "\n" + said).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
