package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths and listings in the documented formats of Windows; written by hand, not captured there. */
final class WindowsDrivesTest {
    private static final String NET_USE = """
            Neue Verbindungen werden gespeichert.

            Status       Lokal     Remote                    Netzwerk

            -------------------------------------------------------------------------------
            OK           Y:        \\\\nas\\a share             Microsoft Windows Network
            OK           Z:        \\\\nas\\other              Microsoft Windows Network
                                   \\\\nas\\unmapped           Microsoft Windows Network
            Der Befehl wurde erfolgreich ausgeführt.
            """;

    @ParameterizedTest
    @CsvSource({
        "\\\\nas\\share\\dir\\shop.db,       \\\\nas\\share",
        "\\\\?\\UNC\\nas\\share\\shop.db,    \\\\nas\\share",
        "//nas/share/shop.db,                \\\\nas\\share",
        "\\\\wsl.localhost\\Debian\\home,    \\\\wsl.localhost\\Debian",
        "\\\\wsl$\\Debian,                   \\\\wsl$\\Debian",
        "C:\\shop.db,                        ''",
        "\\\\?\\C:\\shop.db,                 ''",
        "\\\\.\\C:\\shop.db,                 ''",
    })
    void shareIsToldFromThePath(String path, String share) {
        assertThat(WindowsDrives.share(path).orElse("")).isEqualTo(share);
    }

    @ParameterizedTest
    @CsvSource({"C:\\shop.db, C:", "z:\\shop.db, Z:", "\\\\?\\D:\\shop.db, D:", "\\\\nas\\share, ''", "shop.db, ''"})
    void driveIsToldFromThePath(String path, String drive) {
        assertThat(WindowsDrives.drive(path)).isEqualTo(drive);
    }

    @Test
    void mappedDriveIsFoundInAnyLanguage() {
        assertThat(WindowsDrives.mapped(NET_USE, "Y:")).contains("\\\\nas\\a share");
        assertThat(WindowsDrives.mapped(NET_USE, "Z:")).contains("\\\\nas\\other");
        assertThat(WindowsDrives.mapped(NET_USE, "C:")).isEmpty();
        assertThat(WindowsDrives.mapped(NET_USE, "")).isEmpty();
    }

    @Test
    void aDriveCalledLikeTheSystemsOwnIsFixed() {
        assertThat(WindowsDrives.calledAlike("D: - Lokales Laufwerk\r\n", "C: - Lokales Laufwerk\r\n"))
                .isTrue();
        assertThat(WindowsDrives.calledAlike("Z: - Remote-/Netzlaufwerk\r\n", "C: - Lokales Laufwerk\r\n"))
                .isFalse();
        assertThat(WindowsDrives.calledAlike("Fehler", "Fehler")).isFalse();
    }
}
