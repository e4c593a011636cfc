package walsafe.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every document under {@code docs}: its links lead somewhere, and what it tells people to type exists. */
class DocumentsTest {
    private static final Path DOCS = Path.of("..", "docs");

    /** What the command line has today. A page that promises more would send people to a command that is not there. */
    private static final Set<String> COMMANDS =
            Set.of("doctor", "who", "copy", "convert", "torture", "explain", "--version", "--help");

    private static final Pattern LINK = Pattern.compile("\\[[^]\\[]+]\\(([^)]+)\\)");
    private static final Pattern BARE_LINK = Pattern.compile("<([a-z]+:[^>]*)>");
    private static final Pattern COMMAND = Pattern.compile("(?m)(?:`|^ {4}(?:.*[;&|] )?)(?:sudo )?walsafe ([^\\s`]+)");
    private static final Pattern PAGE_ID = Pattern.compile("\\b(WS\\d{3})\\b");

    static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(DOCS)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyRelativeLinkLeadsToAFile(Path document) throws IOException {
        for (String link : found(LINK, document)) {
            if (link.contains("://")) continue;
            String file = link.contains("#") ? link.substring(0, link.indexOf('#')) : link;
            assertThat(document.resolveSibling(file))
                    .as("%s in %s", link, document)
                    .exists();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyWebLinkIsWellFormedAndEncrypted(Path document) throws IOException {
        List<String> links = new ArrayList<>(found(BARE_LINK, document));
        for (String link : found(LINK, document)) if (link.contains("://")) links.add(link);

        for (String link : links) {
            URI uri = URI.create(link);
            assertThat(uri.getScheme()).as(link).isEqualTo("https");
            assertThat(uri.getHost()).as(link).contains(".");
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyCommandOfOursThatAPageTellsToTypeExists(Path document) throws IOException {
        for (String command : found(COMMAND, document))
            assertThat(COMMANDS).as("%s", document).contains(command);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyIdThatADocumentNamesIsAProblem(Path document) throws IOException {
        for (String id : found(PAGE_ID, document))
            assertThat(Problem.of(id)).as("%s in %s", id, document).isPresent();
    }

    private static List<String> found(Pattern pattern, Path document) throws IOException {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(Files.readString(document));
        while (matcher.find()) found.add(matcher.group(1));
        return found;
    }
}
