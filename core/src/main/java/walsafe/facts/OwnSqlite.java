package walsafe.facts;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The SQLite that sqlite-jdbc would load. Read from what Maven leaves in its jar, because loading the driver's classes
 * takes longer than everything else that facts do.
 */
final class OwnSqlite {
    private static final String PROPERTIES = "META-INF/maven/org.xerial/sqlite-jdbc/pom.properties";

    private OwnSqlite() {}

    /** Empty if there is no sqlite-jdbc, or a repackaged one without Maven's files. */
    static Optional<SqliteVersion> version() {
        ClassLoader loader = OwnSqlite.class.getClassLoader();
        try (InputStream properties = loader == null
                ? ClassLoader.getSystemResourceAsStream(PROPERTIES)
                : loader.getResourceAsStream(PROPERTIES)) {
            return properties == null ? Optional.empty() : version(properties);
        } catch (IOException e) {
            return Optional.empty(); // a jar that was replaced under us: as good as none
        }
    }

    private static Optional<SqliteVersion> version(InputStream properties) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(properties, StandardCharsets.ISO_8859_1));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("version=")) return SqliteVersion.parse(line.substring("version=".length()));
        }
        return Optional.empty();
    }
}
