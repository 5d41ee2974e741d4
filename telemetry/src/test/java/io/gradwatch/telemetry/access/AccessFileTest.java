package io.gradwatch.telemetry.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessFileTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-30T12:00:00.5Z"), ZoneOffset.UTC);

    @TempDir
    Path data;

    @Test
    void keepsNameRoleAndHashButNoToken() throws Exception {
        AccessFile file = new AccessFile(data, CLOCK);
        assertThat(file.read()).isEmpty();
        String token = file.add("ada", Role.OPERATOR);
        String kept = Files.readString(file.path());
        Token parsed = Token.parse(token).orElseThrow();
        assertThat(kept)
                .contains("ada operator " + parsed.id() + " " + parsed.hash() + " 2026-11-30T12:00:00Z")
                .doesNotContain(token)
                .doesNotContain(parsed.secret());
        assertThat(file.read().orElseThrow().of(parsed)).hasValueSatisfying(grant -> {
            assertThat(grant.name()).isEqualTo("ada");
            assertThat(grant.role()).isEqualTo(Role.OPERATOR);
        });
    }

    @Test
    void isReadByItsOwnerAlone() throws Exception {
        AccessFile file = new AccessFile(data, CLOCK);
        file.add("ada", Role.ADMIN);
        file.secret();
        for (String name : new String[] {"access.tokens", "access.secret"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name))))
                    .isEqualTo("rw-------");
        }
        assertThat(file.isOpenToOthers()).isFalse();
        Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(file.isOpenToOthers()).isTrue();
        file.add("bob", Role.VIEWER);
        assertThat(file.isOpenToOthers()).isFalse();
        try (var left = Files.list(data)) {
            assertThat(left.map(p -> String.valueOf(p.getFileName())))
                    .containsExactlyInAnyOrder("access.tokens", "access.secret");
        }
    }

    @Test
    void givesNobodyTwoTokensAndTakesOneBack() throws Exception {
        AccessFile file = new AccessFile(data, CLOCK);
        Token token = Token.parse(file.add("ada", Role.ADMIN)).orElseThrow();
        assertThatThrownBy(() -> file.add("ada", Role.VIEWER)).hasMessageContaining("access remove ada");
        assertThatThrownBy(() -> file.add("a b", Role.VIEWER)).hasMessageContaining("accepted is");
        assertThatThrownBy(() -> file.remove("bob")).hasMessageContaining("access list");
        assertThat(file.remove("ada").all()).isEmpty();
        assertThat(file.read().orElseThrow().of(token)).isEmpty();
        assertThat(file.read()).as("an empty list is not no list").isPresent();
    }

    @Test
    void givesAFirstTokenOnlyWhereNobodyEverHadOne() throws Exception {
        AccessFile file = new AccessFile(data, CLOCK);
        assertThatThrownBy(() -> file.addFirst("a b")).hasMessageContaining("accepted is");
        Token first = Token.parse(file.addFirst("ada").orElseThrow()).orElseThrow();
        assertThat(file.read().orElseThrow().of(first))
                .hasValueSatisfying(grant -> assertThat(grant.role()).isEqualTo(Role.ADMIN));
        assertThat(file.addFirst("bob")).isEmpty();
        file.remove("ada");
        assertThat(file.addFirst("bob"))
                .as("who takes the last token back locks")
                .isEmpty();
        assertThat(file.read().orElseThrow().all()).isEmpty();
    }

    @Test
    void namesTheLineThatIsDamaged() throws Exception {
        AccessFile file = new AccessFile(data, CLOCK);
        file.add("ada", Role.ADMIN);
        Files.writeString(file.path(), Files.readString(file.path()) + "eve admin 00 11 now\n");
        assertThatThrownBy(file::read)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("access.tokens: line 3");
    }

    @Test
    void tokensAreLongAndDiffer() throws Exception {
        AccessFile file = new AccessFile(data, CLOCK);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            String token = file.add("p" + i, Role.VIEWER);
            assertThat(token).hasSize(3 + 12 + 1 + 43);
            assertThat(seen.add(token)).isTrue();
        }
    }

    @Test
    void aTokenWithTheIdOfOneAndTheSecretOfAnotherIsNobodys() throws Exception {
        AccessFile file = new AccessFile(data, CLOCK);
        Token ada = Token.parse(file.add("ada", Role.ADMIN)).orElseThrow();
        Token bob = Token.parse(file.add("bob", Role.VIEWER)).orElseThrow();
        Grants grants = file.read().orElseThrow();
        assertThat(grants.of(new Token(ada.id(), bob.secret()))).isEmpty();
        assertThat(new Token(ada.id(), "x").hash()).isNotEqualTo(new Token(bob.id(), "x").hash());
        assertThat(ada.toString()).doesNotContain(ada.secret());
    }
}
