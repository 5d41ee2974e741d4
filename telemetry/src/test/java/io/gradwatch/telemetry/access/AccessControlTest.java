package io.gradwatch.telemetry.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessControlTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final String HERE = "192.0.2.1";

    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.3.2.1", "::1", "[::1]", "localhost"})
    void asksNobodyForATokenWhereOnlyThisMachineGetsIn(String host) throws Exception {
        AccessControl access = AccessControl.of(new AccessFile(data, CLOCK), host, CLOCK);
        assertThat(access.required()).isFalse();
        assertThat(access.nothing()).isEqualTo(new Answer.Yes(Person.ANYBODY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7", "example.com", "127.0.0.1.example.com", "1270.0.0.1"})
    void doesNotStartBeyondThisMachineWhileNobodyHasAToken(String host) throws Exception {
        AccessFile file = new AccessFile(data, CLOCK);
        assertThatThrownBy(() -> AccessControl.of(file, host, CLOCK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--host is " + host)
                .hasMessageContaining("./gradwatch access add NAME --role admin");
        file.add("ada", Role.ADMIN);
        assertThat(AccessControl.of(file, host, CLOCK).required()).isTrue();
        file.remove("ada");
        assertThatThrownBy(() -> AccessControl.of(file, host, CLOCK)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void asksForATokenAsSoonAsSomebodyHasOneAndKnowsItWithoutARestart() throws Exception {
        AccessFile file = new AccessFile(data, CLOCK);
        AccessControl access = AccessControl.of(file, "127.0.0.1", CLOCK);
        Answer.Yes before = (Answer.Yes) access.nothing();
        String token = file.add("ada", Role.OPERATOR);
        access.refresh();
        assertThat(access.required()).isTrue();
        assertThat(access.nothing()).isEqualTo(new Answer.Unknown());
        assertThat(access.stillLets(before.person())).isFalse();
        Person ada = ((Answer.Yes) access.token(token, HERE)).person();
        assertThat(ada.name()).contains("ada");
        assertThat(ada.role()).isEqualTo(Role.OPERATOR);
        assertThat(access.stillLets(ada)).isTrue();

        file.remove("ada");
        access.refresh();
        assertThat(access.required())
                .as("an emptied list does not open the door")
                .isTrue();
        assertThat(access.token(token, HERE)).isEqualTo(new Answer.Wrong());
        assertThat(access.stillLets(ada)).isFalse();
    }

    @Test
    void aDamagedFileLeavesInForceWhatWas() throws Exception {
        AccessFile file = new AccessFile(data, CLOCK);
        String token = file.add("ada", Role.ADMIN);
        AccessControl access = AccessControl.of(file, "127.0.0.1", CLOCK);
        Files.writeString(file.path(), "nonsense\n");
        access.refresh();
        assertThat(access.token(token, HERE)).isInstanceOf(Answer.Yes.class);
        assertThatThrownBy(() -> AccessControl.of(file, "127.0.0.1", CLOCK)).hasMessageContaining("line 1");
    }

    @Test
    void looksAtNoTokenWhileAnAddressHasToWait() throws Exception {
        AccessFile file = new AccessFile(data, CLOCK);
        String token = file.add("ada", Role.ADMIN);
        AccessControl access = AccessControl.of(file, "0.0.0.0", CLOCK);
        for (int i = 0; i <= Attempts.FREE; i++) {
            assertThat(access.token("gw_guess", HERE)).isEqualTo(new Answer.Wrong());
        }
        assertThat(access.token(token, HERE)).isEqualTo(new Answer.Wait(Duration.ofSeconds(1)));
        assertThat(access.token(token, "192.0.2.2")).isInstanceOf(Answer.Yes.class);
        AccessControl later = AccessControl.of(file, "0.0.0.0", Clock.offset(CLOCK, Duration.ofSeconds(1)));
        assertThat(later.token(token, HERE)).isInstanceOf(Answer.Yes.class);
    }

    @Test
    void aSessionOutlivesARestartAndEndsWithItsTimeOrItsToken() throws Exception {
        AccessFile file = new AccessFile(data, CLOCK);
        String token = file.add("ada", Role.VIEWER);
        AccessControl access = AccessControl.of(file, "0.0.0.0", CLOCK);
        Person ada = ((Answer.Yes) access.token(token, HERE)).person();
        String session = access.newSession(ada).orElseThrow();
        assertThat(session).doesNotContain(token.substring(16));
        assertThat(AccessControl.of(file, "0.0.0.0", CLOCK).session(session)).isEqualTo(new Answer.Yes(ada));
        for (String forged : new String[] {
            session.replace(session.substring(0, 12), "0123456789ab"),
            session.replaceFirst("\\.[0-9]+\\.", ".999999999999999."),
            session.substring(0, session.length() - 2) + "AA",
            "",
            "a.b.c"
        }) {
            assertThat(access.session(forged)).as(forged).isEqualTo(new Answer.Wrong());
        }
        Clock week = Clock.offset(CLOCK, Duration.ofDays(7));
        assertThat(AccessControl.of(file, "0.0.0.0", week).session(session)).isEqualTo(new Answer.Wrong());
        file.remove("ada");
        file.add("ada", Role.VIEWER);
        access.refresh();
        assertThat(access.session(session)).isEqualTo(new Answer.Wrong());
    }

    @Test
    void whoMayReadTheDirectoryNeedsNoTokenOfTheirOwn() throws Exception {
        AccessFile file = new AccessFile(data, CLOCK);
        file.add("ada", Role.VIEWER);
        AccessControl access = AccessControl.of(file, "0.0.0.0", CLOCK);
        String secret = Files.readString(data.resolve("access.secret")).strip();
        Person owner = ((Answer.Yes) access.token(secret, HERE)).person();
        assertThat(owner.role()).isEqualTo(Role.ADMIN);
        assertThat(access.newSession(owner))
                .as("no session that cannot be taken back")
                .isEmpty();
        assertThat(access.token("", HERE)).isEqualTo(new Answer.Wrong());
    }

    @Test
    void higherRolesIncludeLowerOnes() {
        assertThat(Role.ADMIN.includes(Role.VIEWER)).isTrue();
        assertThat(Role.OPERATOR.includes(Role.OPERATOR)).isTrue();
        assertThat(Role.VIEWER.includes(Role.OPERATOR)).isFalse();
        assertThat(Role.of("Admin")).isEmpty();
    }
}
