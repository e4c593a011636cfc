package walsafe.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import walsafe.facts.Facts;
import walsafe.words.Amount;

/** Reads facts back that an earlier {@code doctor --format json} wrote: the whole report, or its {@code facts} alone. */
final class FactsFile {
    /** A report of the largest host seen was under 1 MiB. */
    private static final int LARGEST_BYTES = 16 << 20;

    private FactsFile() {}

    /**
     * Reads and understands it, or says what is wrong with it.
     *
     * @param name a file, or {@code -} for standard input
     */
    static Facts read(String name, InputStream standardInput) throws UsageException {
        String called = name.equals("-") ? "Standard input" : "The file " + name;
        try {
            JsonNode tree = Json.MAPPER.readTree(text(name, standardInput, called));
            return Json.MAPPER.treeToValue(ofToday(facts(tree, called)), Facts.class);
        } catch (JacksonException unclear) {
            throw new UsageException(called + " does not hold facts: " + firstLine(unclear) + where(unclear));
        } catch (NullPointerException | IllegalArgumentException impossible) {
            // What a record's constructor refuses: a null in a list, a number out of its range.
            throw new UsageException(called + " does not hold facts: " + impossible.getMessage());
        }
    }

    /** Facts that were written before experiments were in them have none. */
    private static JsonNode ofToday(JsonNode facts) {
        if (facts instanceof ObjectNode object && !object.has("evidence")) object.putArray("evidence");
        return facts;
    }

    private static JsonNode facts(JsonNode tree, String called) throws UsageException {
        if (!tree.isObject()) throw new UsageException(called + " does not hold facts: there is no JSON object in it.");
        if (!tree.has("schemaVersion")) return tree;
        JsonNode version = tree.get("schemaVersion");
        if (!version.isInt() || version.intValue() != Json.SCHEMA_VERSION) {
            throw new UsageException(
                    called + " has schemaVersion " + version + "; this walsafe reads " + Json.SCHEMA_VERSION + ".");
        }
        if (!tree.has("facts"))
            throw new UsageException(called + " is a report without facts; doctor writes them, who does not.");
        return tree.get("facts");
    }

    private static String text(String name, InputStream standardInput, String called) throws UsageException {
        byte[] bytes = bytes(name, standardInput, called);
        if (bytes.length > LARGEST_BYTES) {
            throw new UsageException(
                    called + " is larger than " + Amount.bytes(LARGEST_BYTES) + ": these are no facts.");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException noText) {
            throw new UsageException(called + " does not hold facts: it is not UTF-8 text.");
        }
    }

    /** At most one byte more than allowed, also of something endless. */
    private static byte[] bytes(String name, InputStream standardInput, String called) throws UsageException {
        try {
            if (name.equals("-")) return standardInput.readNBytes(LARGEST_BYTES + 1);
            try (InputStream file = Files.newInputStream(Path.of(name))) {
                return file.readNBytes(LARGEST_BYTES + 1);
            }
        } catch (NoSuchFileException missing) {
            throw new UsageException("There is no file " + name + ".");
        } catch (IOException | InvalidPathException unreadable) {
            throw new UsageException(called + " could not be read: " + unreadable.getMessage());
        }
    }

    /** Jackson's own words, without its advice to programmers. */
    private static String firstLine(JacksonException unclear) {
        String line = unclear.getOriginalMessage().lines().findFirst().orElse("it is no JSON");
        // A list copied with a null in it; the class of the exception says nothing to who wrote the file.
        if (line.contains("NullPointerException")) return "null where a value belongs";
        return line.replaceFirst(" \\(index \\d+\\).*", "").replaceFirst("; `DeserializationFeature.*", "");
    }

    private static String where(JacksonException unclear) {
        String path = unclear.getPathReference();
        return path.isEmpty() ? "" : " (at " + path + ")";
    }
}
