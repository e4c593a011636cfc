package walsafe.facts;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of SQLite, such as 3.51.3. */
public record SqliteVersion(int major, int minor, int patch) implements Comparable<SqliteVersion> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})(?:\\.(\\d{1,3}))?(?:\\.\\d{1,3})?");

    /** From text such as {@code 3.51.3} or {@code 3.54.1.0}; empty if it is none. */
    public static Optional<SqliteVersion> parse(String text) {
        Matcher matcher = TEXT.matcher(text.trim());
        if (!matcher.matches()) return Optional.empty();
        String patch = matcher.group(3);
        return Optional.of(new SqliteVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                patch == null ? 0 : Integer.parseInt(patch)));
    }

    /** From {@code SQLITE_VERSION_NUMBER}, as in the header at offset 96 (fileformat2, 1.3.20); empty if it is none. */
    public static Optional<SqliteVersion> ofNumber(int number) {
        if (number < 3_000_000 || number > 3_999_999) return Optional.empty();
        return Optional.of(new SqliteVersion(number / 1_000_000, number / 1000 % 1000, number % 1000));
    }

    @Override
    public int compareTo(SqliteVersion other) {
        if (major != other.major) return Integer.compare(major, other.major);
        if (minor != other.minor) return Integer.compare(minor, other.minor);
        return Integer.compare(patch, other.patch);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
