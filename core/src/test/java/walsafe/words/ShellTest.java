package walsafe.words;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/srv/shop.db",
                "/srv/my shop.db",
                "it's",
                "$(reboot)",
                "`reboot`",
                "a\\b",
                "*?[x]",
                "~",
                "#1",
                "!x",
                "%1",
                "",
                "größe",
                "two\nlines",
                "\u001b[31mred",
                "a\u202eb"
            })
    void aShellReadsBackTheSameWord(String word) throws Exception {
        assertThat(readByBash(Shell.quote(word))).isEqualTo(word);
    }

    @Test
    void aPlainPathIsLeftAsItIs() {
        assertThat(Shell.quote("/srv/größe-2/shop.db")).isEqualTo("/srv/größe-2/shop.db");
    }

    @Test
    void aLeadingDashIsNoOption() throws Exception {
        assertThat(readByBash(Shell.quote("-rf"))).isEqualTo("./-rf");
    }

    /** Broke for policy's commands: a copied line ended in the middle of such a name. */
    @Test
    void aNameOfTwoLinesStaysOneLine() {
        assertThat(Shell.quote("two\nlines")).isEqualTo("$'two\\012lines'");
    }

    private static String readByBash(String quoted) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder("bash", "-s").start();
        try (var script = bash.getOutputStream()) {
            script.write(("printf '%s' " + quoted).getBytes(UTF_8));
        }
        String read = new String(bash.getInputStream().readAllBytes(), UTF_8);
        assertThat(bash.waitFor()).isZero();
        return read;
    }
}
