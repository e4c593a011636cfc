package walsafe.facts;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A {@code file:} URI taken apart as SQLite does it (uri.html, and {@code sqlite3ParseUri} in main.c): which is not how
 * {@link java.net.URI} does it. Percent escapes are octets of UTF-8; {@code %00} ends the part it is in; a fragment is
 * ignored; a bad escape is text.
 *
 * @param authority between {@code file://} and the next slash; empty if there is none
 * @param path decoded; may be relative, empty or {@code :memory:}
 * @param parameters {@code name=value}, decoded, in the order given
 */
record SqliteUri(String authority, String path, List<String> parameters) {
    private static final String SCHEME = "file:";

    SqliteUri {
        parameters = List.copyOf(parameters);
    }

    /** Does SQLite take this for a URI? It compares case-sensitively. */
    static boolean looksLike(String name) {
        return name.startsWith(SCHEME);
    }

    static SqliteUri parse(String uri) {
        int fragment = uri.indexOf('#');
        String rest = uri.substring(SCHEME.length(), fragment < 0 ? uri.length() : fragment);
        String authority = "";
        if (rest.startsWith("//")) {
            int slash = rest.indexOf('/', 2);
            authority = rest.substring(2, slash < 0 ? rest.length() : slash);
            rest = slash < 0 ? "" : rest.substring(slash);
        }
        int question = rest.indexOf('?');
        if (question < 0) return new SqliteUri(authority, decoded(rest), List.of());
        return new SqliteUri(authority, decoded(rest.substring(0, question)), parameters(rest.substring(question + 1)));
    }

    /** SQLite refuses to open a URI that names another host. */
    boolean namesAnotherHost() {
        return !authority.isEmpty() && !authority.equals("localhost");
    }

    /** {@code mode=memory}, {@code vfs=memdb}, {@code file::memory:}, or a temporary database: nothing on any storage. */
    boolean inMemory() {
        return path.isEmpty()
                || path.equals(":memory:")
                || parameter("mode").filter("memory"::equals).isPresent()
                || parameter("vfs").filter("memdb"::equals).isPresent();
    }

    private Optional<String> parameter(String name) {
        // The first one counts: sqlite3_uri_parameter stops at it.
        for (String parameter : parameters) {
            if (parameter.startsWith(name + "=")) return Optional.of(parameter.substring(name.length() + 1));
        }
        return Optional.empty();
    }

    private static List<String> parameters(String query) {
        List<String> parameters = new ArrayList<>();
        int start = 0;
        while (start <= query.length()) {
            int end = query.indexOf('&', start);
            if (end < 0) end = query.length();
            String parameter = query.substring(start, end);
            int equals = parameter.indexOf('=');
            String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
            // A parameter without a name is ignored, one without a value has an empty one.
            if (!name.isEmpty())
                parameters.add(name + "=" + (equals < 0 ? "" : decoded(parameter.substring(equals + 1))));
            start = end + 1;
        }
        return parameters;
    }

    private static String decoded(String part) {
        if (part.indexOf('%') < 0) return part;
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream octets = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int octet = bytes[i] == '%' ? escape(bytes, i) : -1;
            if (octet == 0) break;
            octets.write(octet < 0 ? bytes[i] : octet);
            if (octet > 0) i += 2;
        }
        return octets.toString(StandardCharsets.UTF_8);
    }

    /** The octet written as {@code %HH} at this place, or -1 if these are not two hexadecimal digits. */
    private static int escape(byte[] bytes, int at) {
        if (at + 2 >= bytes.length) return -1;
        int high = Character.digit(bytes[at + 1], 16);
        int low = Character.digit(bytes[at + 2], 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
