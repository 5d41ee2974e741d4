package io.gradwatch.telemetry.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PassesTest {
    private static final long NOW = 1_795_449_900_000L;
    private static final String REQUEST = "PATCH /api/v1/runs/a";
    private static final Pass ANN =
            new Pass(new Person(Optional.of("ann"), Role.VIEWER, Optional.of("0123456789ab"), true), "192.0.2.7");

    private final Passes passes = new Passes("secret");

    @Test
    void tellsWhoAsksAndFromWhere() {
        assertThat(passes.read(passes.sign(ANN, REQUEST, NOW), REQUEST, NOW)).contains(ANN);
        Pass anybody = new Pass(Person.ANYBODY, "::1");
        assertThat(passes.read(passes.sign(anybody, REQUEST, NOW), REQUEST, NOW))
                .contains(anybody);
    }

    @Test
    void isForOneRequestAlone() {
        String pass = passes.sign(ANN, REQUEST, NOW);
        assertThat(passes.read(pass, "DELETE /api/v1/runs/a", NOW)).isEmpty();
        assertThat(passes.read(pass, "PATCH /api/v1/runs/b", NOW)).isEmpty();
    }

    @Test
    void isForAShortTime() {
        String pass = passes.sign(ANN, REQUEST, NOW);
        long life = Passes.LIFE.toMillis();
        assertThat(passes.read(pass, REQUEST, NOW + life - 1)).isPresent();
        assertThat(passes.read(pass, REQUEST, NOW + life)).isEmpty();
        assertThat(passes.read(pass, REQUEST, NOW - 2 * life))
                .as("made in the future")
                .isEmpty();
    }

    @Test
    void cannotBeMadeWithoutTheSecretNorChangedIntoAnother() {
        assertThat(passes.read(new Passes("another").sign(ANN, REQUEST, NOW), REQUEST, NOW))
                .isEmpty();
        String pass = passes.sign(ANN, REQUEST, NOW);
        assertThat(passes.read(pass.replace(".viewer.", ".admin."), REQUEST, NOW))
                .isEmpty();
        for (int i = 0; i < pass.length(); i++) {
            char other = pass.charAt(i) == 'A' ? 'B' : 'A';
            String changed = pass.substring(0, i) + other + pass.substring(i + 1);
            Optional<Pass> read = passes.read(changed, REQUEST, NOW);
            // the last character of a Base64 text has bits that mean nothing
            assertThat(read.isEmpty() || (i == pass.length() - 1 && read.equals(Optional.of(ANN))))
                    .as(changed)
                    .isTrue();
        }
        assertThat(passes.read("", REQUEST, NOW)).isEmpty();
    }

    @Test
    void aServiceWithoutASecretTakesNone() {
        AccessControl open = AccessControl.open(java.time.Clock.systemUTC());
        assertThat(open.readPass(open.pass(ANN, REQUEST), REQUEST)).isEmpty();
    }
}
