package io.gradwatch.telemetry.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Alert.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotificationSettingsTest {
    @TempDir
    Path data;

    private NotificationSettings read(String... lines) throws IOException {
        Files.writeString(data.resolve(NotificationSettings.FILE), String.join("\n", lines));
        return NotificationSettings.of(data, Map.of("HOOK_SECRET", "s3cret"));
    }

    @Test
    void withoutAFileNobodyIsTold() {
        assertThat(NotificationSettings.of(data, Map.of()).channels()).isEmpty();
    }

    @Test
    void readsAllKindsOfChannels() throws IOException {
        NotificationSettings settings = read(
                "link = http://gradwatch.example:8080/",
                "group-wait = 5s",
                "give-up-after = 2h",
                "ops = webhook",
                "ops.url = https://user:pw@hooks.example/T0/secret?x=1",
                "ops.secret = env:HOOK_SECRET",
                "ops.severity = critical",
                "ops.states = firing",
                "ops.rules = vanish-floor, nan-inf",
                "team = slack",
                "team.url = https://slack.example/services/T/B/X",
                "mail = email",
                "mail.to = a@example.org, b@example.org",
                "mail.from = gradwatch@example.org",
                "mail.host = smtp.example.org",
                "page = command",
                "page.run = /usr/bin/page --loud");

        assertThat(settings.link()).isEqualTo("http://gradwatch.example:8080");
        assertThat(settings.groupWait()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.giveUpAfter()).isEqualTo(Duration.ofHours(2));
        assertThat(settings.channels())
                .extracting(ChannelSettings::name)
                .containsExactly("mail", "ops", "page", "team");
        ChannelSettings ops = settings.channels().get(1);
        assertThat(ops.value("secret")).isEqualTo("s3cret");
        assertThat(ops.filter())
                .isEqualTo(new Filter(Severity.CRITICAL, Set.of(State.FIRING), Set.of("vanish-floor", "nan-inf")));
        assertThat(settings.channels())
                .extracting(ChannelSettings::target)
                .as("what is shown holds no secret")
                .containsExactly(
                        "a@example.org, b@example.org",
                        "https://hooks.example",
                        "/usr/bin/page",
                        "https://slack.example");
        assertThat(settings.channels().get(3).filter())
                .as("what is told unless somebody says otherwise")
                .isEqualTo(new Filter(Severity.WARNING, Set.of(State.FIRING, State.RESOLVED), Set.of()));
    }

    @Test
    void namesAllMistakesAtOnce() {
        assertThatThrownBy(() -> read(
                        "link = nowhere",
                        "group-wait = soon",
                        "Ops! = webhook",
                        "a = telegram",
                        "b = webhook",
                        "b.uri = https://x.example",
                        "c = webhook",
                        "c.url = ftp://x.example",
                        "c.severity = bad",
                        "c.states = burning",
                        "c.secret = env:NOT_THERE",
                        "d.url = https://x.example",
                        "e = email",
                        "e.to = x@example.org",
                        "e.from = y@example.org",
                        "e.host = h",
                        "e.port = 70000",
                        "e.tls = maybe"))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(data.resolve(NotificationSettings.FILE).toString())
                .contains("link is \"nowhere\"; accepted is the dashboard's http:// or https:// address")
                .contains("group-wait is \"soon\"; accepted is a number with d, h, m or s behind it")
                .contains("\"Ops!\" is no name of a channel")
                .contains("a is \"telegram\"; accepted is webhook, slack, email or command")
                .contains("b.uri is not known; accepted for webhook are rules, secret, severity, states, url")
                .contains("b.url is missing")
                .contains("c.url is no http:// or https:// address")
                .contains("c.severity is \"bad\"; accepted is critical, info, warning")
                .contains(
                        "c.states is \"burning\"; accepted is firing, no_data, pending, recovering, resolved, suppressed")
                .contains("there is no environment variable NOT_THERE")
                .contains("d.url belongs to no channel")
                .contains("e.port is \"70000\"; accepted is 1 to 65535")
                .contains("e.tls is \"maybe\"; accepted is none, starttls or tls");
    }
}
