package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SurroundingsTest {
    @TempDir
    Path home;

    @ParameterizedTest
    @CsvSource({
        "Library/Mobile Documents/com~apple~CloudDocs/app, iCloud Drive",
        "Library/CloudStorage/GoogleDrive-me@example.org/My Drive, Google Drive",
        "Library/CloudStorage/Dropbox/app, Dropbox",
        "Library/CloudStorage/OneDrive-Personal, OneDrive",
        "OneDrive - Example Ltd/app, OneDrive",
        "pCloudDrive/app, pCloud"
    })
    void aPlaceThatOnlyOneProgramMakesIsKnown(String place, String program) {
        assertThat(FolderLook.cloudFolder(home.resolve(place))).contains(program);
    }

    @ParameterizedTest
    @CsvSource({
        ".dropbox.cache, Dropbox",
        ".stfolder, Syncthing",
        ".sync/ID, Resilio Sync",
        ".owncloudsync.log, ownCloud",
        ".megaignore, MEGA"
    })
    void aMarkerFurtherUpIsFound(String marker, String program) throws Exception {
        Path top = home.resolve("anything");
        Files.createDirectories(top.resolve(marker).getParent());
        Files.createFile(top.resolve(marker));

        assertThat(FolderLook.cloudFolder(top.resolve("a/b"))).contains(program);
        assertThat(FolderLook.cloudFolder(home)).isEmpty();
    }

    @Test
    void nextcloudIsKnownByItsDatabase() throws Exception {
        Path top = Files.createDirectories(home.resolve("Nextcloud"));
        assertThat(FolderLook.cloudFolder(top)).isEmpty();

        Files.createFile(top.resolve(".sync_0a1b2c.db"));

        assertThat(FolderLook.cloudFolder(top.resolve("app"))).contains("Nextcloud");
    }

    @ParameterizedTest
    @CsvSource({"Box", "Dropbox", "OneDrive", "MEGA", "Google Drive", "Library", "CloudStorage/Dropbox"})
    void aNameAloneProvesNothing(String name) {
        assertThat(FolderLook.cloudFolder(home.resolve(name).resolve("app"))).isEmpty();
    }
}
