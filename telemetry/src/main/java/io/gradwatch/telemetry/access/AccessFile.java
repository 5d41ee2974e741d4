package io.gradwatch.telemetry.access;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;

/**
 * What a data directory keeps about access: {@code access.tokens}, the tokens that were given, as hashes; and {@code
 * access.secret}, random, by which the commands of this machine prove that they may read the directory, and sessions are signed.
 */
public final class AccessFile {
    private static final int SECRET_BYTES = 32;

    private final Path tokens;
    private final Path secret;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** Of a data directory; nothing is read yet. */
    public AccessFile(Path data, Clock clock) {
        this.tokens = data.resolve("access.tokens");
        this.secret = data.resolve("access.secret");
        this.clock = clock;
    }

    public Path path() {
        return tokens;
    }

    /**
     * The tokens; empty without the file: then nobody was ever given one.
     *
     * @throws IllegalArgumentException the file has a line that is none of ours
     */
    public Optional<Grants> read() throws IOException {
        return parsed(text());
    }

    /** What {@link #read} makes of a text. */
    Optional<Grants> parsed(Optional<String> text) {
        try {
            return text.map(Grants::parse);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(tokens + ": " + e.getMessage(), e);
        }
    }

    /** Whether other users of this machine may read the file, or change it. */
    public boolean isOpenToOthers() throws IOException {
        return PrivateFile.isOpenToOthers(tokens);
    }

    /** What stands in the file: it tells of every change, also of two within one tick of the file system's clock. */
    Optional<String> text() throws IOException {
        return PrivateFile.read(tokens);
    }

    /**
     * Gives somebody a token.
     *
     * @return the token, which is kept nowhere
     * @throws IllegalArgumentException it is no name, or has one already
     */
    public String add(String name, Role role) throws IOException {
        if (!Grant.isName(name)) {
            throw new IllegalArgumentException("NAME is \"" + name + "\"; accepted is " + Grant.NAME_FORM);
        }
        Grants before = read().orElse(Grants.NONE);
        if (before.named(name).isPresent()) {
            throw new IllegalArgumentException(
                    name + " has a token already; take it back first: gradwatch access remove " + name);
        }
        Token token = Token.random(random);
        PrivateFile.write(tokens, before.with(grant(name, role, token)).text());
        return token.text();
    }

    private Grant grant(String name, Role role, Token token) {
        return new Grant(name, role, token.id(), token.hash(), clock.instant().truncatedTo(ChronoUnit.SECONDS));
    }

    /**
     * Gives the first one a token of an admin, where nobody was ever given one. Where all were taken back nobody gets in, and
     * that stays so.
     *
     * @return the token, which is kept nowhere; empty where there is a file of tokens already
     * @throws IllegalArgumentException it is no name; or the file is damaged
     */
    public Optional<String> addFirst(String name) throws IOException {
        if (read().isPresent()) {
            return Optional.empty();
        }
        if (!Grant.isName(name)) {
            throw new IllegalArgumentException("NAME is \"" + name + "\"; accepted is " + Grant.NAME_FORM);
        }
        Token token = Token.random(random);
        Grants first = Grants.NONE.with(grant(name, Role.ADMIN, token));
        return PrivateFile.make(tokens, first.text()) ? Optional.of(token.text()) : Optional.empty();
    }

    /**
     * Takes a token back.
     *
     * @throws IllegalArgumentException nobody of this name has one
     */
    public Grants remove(String name) throws IOException {
        Grants before = read().orElse(Grants.NONE);
        if (before.named(name).isEmpty()) {
            throw new IllegalArgumentException("nobody called \"" + name + "\" has a token; accepted is a name that"
                    + " 'gradwatch access list' shows");
        }
        Grants after = before.without(name);
        PrivateFile.write(tokens, after.text());
        return after;
    }

    /** The random secret; made when there is none. */
    String secret() throws IOException {
        Optional<String> present = PrivateFile.read(secret).map(String::strip);
        if (present.isPresent() && present.get().length() >= SECRET_BYTES) {
            return present.get();
        }
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String made = "local_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        if (present.isEmpty() && !PrivateFile.make(secret, made + "\n")) {
            return PrivateFile.read(secret).map(String::strip).orElse(made); // another service was quicker
        }
        if (present.isPresent()) {
            PrivateFile.write(secret, made + "\n"); // in the place of one that is too short
        }
        return made;
    }
}
