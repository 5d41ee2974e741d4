package io.gradwatch.launcher.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void alignsValuesBelowEachOther() {
        Terminal terminal = terminal(false, false);

        terminal.field("Dashboard", "http://127.0.0.1:8080");
        terminal.field("Data", "/data");

        assertThat(out.toString(UTF_8).lines())
                .containsExactly("  Dashboard     http://127.0.0.1:8080", "  Data          /data");
    }

    @Test
    void hasNoEscapesWhereNobodyLooks() {
        Terminal terminal = terminal(false, false);

        terminal.progress("starting …");
        terminal.notice("broker", "was killed");
        terminal.line(terminal.bold("bold") + terminal.link("link"));
        terminal.problem("wrong");

        assertThat(out.toString(UTF_8))
                .doesNotContain("\u001b")
                .doesNotContain("starting")
                .doesNotContain("\r");
        assertThat(err.toString(UTF_8)).isEqualTo("gradwatch: wrong" + System.lineSeparator());
    }

    @Test
    void takesTheProgressAwayBeforeTheNextLine() {
        Terminal terminal = terminal(true, false);

        terminal.progress("abc");
        terminal.line("done");

        assertThat(out.toString(UTF_8)).isEqualTo("\r\u001b[K  abc\r\u001b[Kdone" + System.lineSeparator());
    }

    @Test
    void coloursOnlyIfAsked() {
        assertThat(terminal(true, true).bold("x")).isEqualTo("\u001b[1mx\u001b[0m");
        assertThat(terminal(true, false).bold("x")).isEqualTo("x");
    }

    @Test
    void tablesHaveAlignedColumns() {
        Table table = new Table()
                .column("ID", Table.Align.LEFT)
                .column("N", Table.Align.RIGHT)
                .column("STATE", Table.Align.LEFT);
        table.row("a", "1", "running");
        table.row("longer", "100", "-");

        assertThat(table.lines()).containsExactly("ID        N  STATE", "a         1  running", "longer  100  -");
        assertThatThrownBy(() -> table.row("too few")).isInstanceOf(IllegalArgumentException.class);
    }

    private Terminal terminal(boolean interactive, boolean coloured) {
        return new Terminal(
                new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), interactive, coloured);
    }
}
