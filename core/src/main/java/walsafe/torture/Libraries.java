package walsafe.torture;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Where sqlite-jdbc unpacks SQLite: not in the place, and nothing is left of it when the process is killed. */
final class Libraries {
    private Libraries() {}

    /** @param folder for this process alone; another would have its library taken away while it unpacks it */
    static void load(Path folder) throws SQLException, IOException {
        Files.createDirectories(folder);
        System.setProperty("org.sqlite.tmpdir", folder.toString());
        DriverManager.getConnection("jdbc:sqlite::memory:").close();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) Files.deleteIfExists(file); // once it is loaded it needs no name
        } catch (IOException e) {
            // Windows keeps a loaded library; the folder is removed by the parent.
        }
    }
}
