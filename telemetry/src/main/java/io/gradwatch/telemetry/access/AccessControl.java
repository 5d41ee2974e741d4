package io.gradwatch.telemetry.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who is let in. Tokens are asked for when others than this machine reach the service, and wherever somebody was given
 * one. {@link #refresh} takes changes of the file in; all else does not block. Safe for any thread.
 */
public final class AccessControl {
    private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);

    private final @Nullable AccessFile file;
    private final boolean beyond;
    private final String secret;
    private final Sessions sessions;
    private final Passes passes;
    private final Clock clock;
    private final Attempts attempts = new Attempts(); // guarded by itself
    private volatile Optional<Grants> grants;
    private volatile Optional<String> seen;

    private AccessControl(
            @Nullable AccessFile file,
            boolean beyond,
            String secret,
            Optional<Grants> grants,
            Optional<String> seen,
            Clock clock) {
        this.file = file;
        this.beyond = beyond;
        this.secret = secret;
        this.sessions = new Sessions(secret);
        this.passes = new Passes(secret);
        this.grants = grants;
        this.seen = seen;
        this.clock = clock;
    }

    /**
     * For a service on this host.
     *
     * @param host that it listens on
     * @throws IllegalArgumentException others than this machine would reach it, and nobody has a token; or the file is damaged
     */
    public static AccessControl of(AccessFile file, String host, Clock clock) throws IOException {
        Optional<String> seen = file.text();
        Optional<Grants> grants = file.parsed(seen);
        boolean beyond = !Loopback.is(host);
        if (beyond && grants.map(g -> g.all().isEmpty()).orElse(true)) {
            throw new IllegalArgumentException(
                    "--host is " + host + ", which others than this machine reach, and nobody has a token. Give"
                            + " yourself one first: ./gradwatch access add NAME --role admin; or leave"
                            + " --host out");
        }
        if (file.isOpenToOthers()) {
            LOG.warn("{} can be read or changed by other users: chmod 600 it", file.path());
        }
        return new AccessControl(file, beyond, file.secret(), grants, seen, clock);
    }

    /** Lets everybody in. */
    public static AccessControl open(Clock clock) {
        return new AccessControl(null, false, "", Optional.empty(), Optional.empty(), clock);
    }

    /** Whether people have to prove who they are. */
    public boolean required() {
        return beyond || grants.isPresent();
    }

    /** Takes in what has changed in the file. One with mistakes is not taken: what was in force stays. Blocks. */
    public void refresh() {
        if (file == null) {
            return;
        }
        try {
            Optional<String> now = file.text();
            if (!now.equals(seen)) {
                seen = now;
                grants = file.parsed(now);
                LOG.info(
                        "{} was read again: {} tokens",
                        file.path(),
                        grants.map(g -> g.all().size()).orElse(0));
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("The tokens are not read again, those in force stay: {}", e.toString());
        }
    }

    /** Whether a token is let in. */
    public Answer token(String text, String address) {
        long now = clock.millis();
        if (!required()) {
            return new Answer.Yes(Person.ANYBODY);
        }
        synchronized (attempts) {
            long wait = attempts.waitMs(address, now);
            if (wait > 0) {
                return new Answer.Wait(Duration.ofMillis(wait));
            }
            Optional<Person> person = isSecret(text)
                    ? Optional.of(Person.OWNER)
                    : Token.parse(text).flatMap(grants.orElse(Grants.NONE)::of).map(Person::of);
            if (person.isEmpty()) {
                attempts.failed(address, now);
                return new Answer.Wrong();
            }
            attempts.succeeded(address);
            return new Answer.Yes(person.get());
        }
    }

    private boolean isSecret(String text) {
        return !secret.isEmpty()
                && MessageDigest.isEqual(
                        secret.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a browser's session is let in. Nobody guesses a signature, so these attempts are not counted. */
    public Answer session(String text) {
        if (!required()) {
            return new Answer.Yes(Person.ANYBODY);
        }
        return sessions.read(text, clock.millis())
                .flatMap(session -> grants.orElse(Grants.NONE).byId(session.tokenId()))
                .map(Person::of)
                .<Answer>map(Answer.Yes::new)
                .orElseGet(Answer.Wrong::new);
    }

    /**
     * Lets another service of the group, which shares the secret, act for somebody in one request.
     *
     * @param request its method and target
     */
    public String pass(Pass pass, String request) {
        return passes.sign(pass, request, clock.millis());
    }

    /** For whom a request was handed on; empty when no service of the group says so. */
    public Optional<Pass> readPass(String text, String request) {
        return secret.isEmpty() ? Optional.empty() : passes.read(text, request, clock.millis());
    }

    /** Whether those who show nothing are let in. */
    public Answer nothing() {
        return required() ? new Answer.Unknown() : new Answer.Yes(Person.ANYBODY);
    }

    /** Whether somebody who was let in still would be, as the same. */
    public boolean stillLets(Person person) {
        if (!person.proven()) {
            return !required();
        }
        return person.tokenId()
                .map(id -> grants.flatMap(g -> g.byId(id))
                        .filter(g -> Person.of(g).equals(person))
                        .isPresent())
                .orElse(true);
    }

    /** A session for somebody with a token of their own, for {@link #sessionLife} from now on. */
    public Optional<String> newSession(Person person) {
        return person.tokenId()
                .map(id -> sessions.sign(new Sessions.Session(id, clock.millis() + Sessions.LIFE.toMillis())));
    }

    public Duration sessionLife() {
        return Sessions.LIFE;
    }
}
