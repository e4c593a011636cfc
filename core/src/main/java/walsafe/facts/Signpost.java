package walsafe.facts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import walsafe.format.Header;
import walsafe.format.WalSummary;

/**
 * What walsafe leaves beside a database whose data it has carried to another place: a small file of text in the folder
 * {@code <database>-walsafe.d}.
 *
 * @param to where the data is now, an absolute path on that host; empty if the signpost cannot be read
 * @param token known to this signpost and to the other place alone, so that one is not taken for another's
 * @param host the name of the host that carried it, a label only; removed by redaction
 * @param bootId of that host at that time
 * @param carriedAt ISO-8601
 * @param sizeBytes of the database then, -1 if there was none
 * @param modified when it had last been modified, ISO-8601; empty if there was none
 * @param changeCounter of its header, -1 if it was not known
 * @param walBytes size of its -wal
 */
public record Signpost(
        String to,
        String token,
        String host,
        String bootId,
        String carriedAt,
        long sizeBytes,
        String modified,
        long changeCounter,
        long walBytes) {
    private static final int LARGEST_BYTES = 64 << 10;
    private static final Signpost UNREADABLE = new Signpost("", "", "", "", "", -1, "", -1, 0);

    /** The folder that walsafe's own files about a database lie in. */
    public static Path folder(Path database) {
        return database.resolveSibling(database.getFileName() + "-walsafe.d");
    }

    public static Path file(Path database) {
        return folder(database).resolve("signpost");
    }

    /**
     * The signpost beside a database, if there is one. One that cannot be read counts: nobody may write past it.
     *
     * @param database its resolved path
     */
    public static Optional<Signpost> beside(Path database) {
        Path file = file(database);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) return Optional.empty();
        try {
            boolean plain = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= LARGEST_BYTES;
            return Optional.of(plain ? parse(Files.readString(file)) : UNREADABLE);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of(UNREADABLE);
        }
    }

    /** As it stands in the file: a key and a value in each line. */
    public byte[] text() {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("walsafe-signpost", "1");
        lines.put("to", to);
        lines.put("token", token);
        lines.put("host", host);
        lines.put("boot", bootId);
        lines.put("carried", carriedAt);
        lines.put("size", Long.toString(sizeBytes));
        lines.put("modified", modified);
        lines.put("change-counter", Long.toString(changeCounter));
        lines.put("wal-size", Long.toString(walBytes));
        StringBuilder text = new StringBuilder();
        lines.forEach((key, value) ->
                text.append(key).append(' ').append(escaped(value)).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    static Signpost parse(String text) {
        Map<String, String> lines = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            int space = line.indexOf(' ');
            if (space > 0) lines.put(line.substring(0, space), unescaped(line.substring(space + 1)));
        }
        if (!lines.getOrDefault("walsafe-signpost", "").equals("1")) return UNREADABLE;
        return new Signpost(
                lines.getOrDefault("to", ""),
                lines.getOrDefault("token", ""),
                lines.getOrDefault("host", ""),
                lines.getOrDefault("boot", ""),
                lines.getOrDefault("carried", ""),
                Long.parseLong(lines.getOrDefault("size", "-1")),
                lines.getOrDefault("modified", ""),
                Long.parseLong(lines.getOrDefault("change-counter", "-1")),
                Long.parseLong(lines.getOrDefault("wal-size", "0")));
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n");
    }

    private static String unescaped(String value) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            boolean escape = value.charAt(i) == '\\' && i + 1 < value.length();
            if (!escape) plain.append(value.charAt(i));
            else plain.append(value.charAt(++i) == 'n' ? '\n' : value.charAt(i));
        }
        return plain.toString();
    }

    /**
     * What has changed at the old place since, in words; empty if nothing has. A file that was only touched counts as
     * changed: a write in WAL mode need not change more than the time.
     */
    public Optional<String> changesIn(DatabaseFacts now) {
        List<String> changes = new ArrayList<>();
        long size = now.sizeBytes().orElse(-1);
        if (size != sizeBytes) changes.add("its size was " + sizeBytes + " and is " + size);
        String time = now.modified().orElse("");
        if (!time.equals(modified)) changes.add("it was modified at " + time);
        OptionalLong counter =
                now.header().stream().mapToLong(Header::changeCounter).findFirst();
        if (changeCounter >= 0 && counter.isPresent() && counter.getAsLong() != changeCounter) {
            changes.add("its change counter was " + changeCounter + " and is " + counter.getAsLong());
        }
        long wal = now.wal().map(WalSummary::sizeBytes).orElse(0L);
        if (wal != walBytes) changes.add("its -wal had " + walBytes + " bytes and has " + wal);
        return changes.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", changes));
    }
}
