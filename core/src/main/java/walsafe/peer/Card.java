package walsafe.peer;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import walsafe.facts.Answer.Verdict;
import walsafe.facts.Facts;
import walsafe.facts.Mount;
import walsafe.facts.Question;

/**
 * What one host tells the other of itself.
 *
 * @param host its name, a label only
 * @param bootId which boot of its kernel; empty if the platform has none
 * @param bootIdReplaced something is mounted over it, so that two kernels may show one and one kernel two
 * @param system operating system and kernel
 * @param filesystem as that kernel spells it
 * @param options of the mount, then of the superblock
 * @param sqlite the version that took part; empty if there is none
 * @param within what that host's processes saw of each other, by question
 */
public record Card(
        String host,
        Optional<String> bootId,
        boolean bootIdReplaced,
        String system,
        String filesystem,
        List<String> options,
        String sqlite,
        Map<Question, Verdict> within) {
    private static final String SPEAKS = "1"; // grows when words or experiments change

    private static final int LONGEST_TEXT = 500; // what one field may hold

    public Card {
        options = List.copyOf(options);
        Map<Question, Verdict> ordered = new EnumMap<>(Question.class);
        ordered.putAll(within);
        within = Collections.unmodifiableMap(ordered);
    }

    static Card of(Facts facts, Map<Question, Verdict> within) {
        List<String> options = new ArrayList<>();
        facts.storage().mount().map(Mount::options).ifPresent(options::addAll);
        facts.storage().mount().map(Mount::superOptions).ifPresent(options::addAll);
        return new Card(
                facts.host().name().orElse("a host without a name"),
                facts.host().bootId(),
                facts.host().bootIdReplaced(),
                (facts.host().os() + " " + facts.host().kernel()).strip(),
                facts.storage().filesystem(),
                options,
                facts.sqlite().map(Object::toString).orElse(""),
                within);
    }

    /** Can it be told from another kernel. */
    boolean identified() {
        return bootId.isPresent() && !bootIdReplaced;
    }

    boolean sameKernel(Card other) {
        return bootId.isPresent() && bootId.equals(other.bootId);
    }

    String encoded() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("speaks", SPEAKS);
        fields.put("host", host);
        bootId.ifPresent(id -> fields.put("boot", id));
        fields.put("replaced", Boolean.toString(bootIdReplaced));
        fields.put("system", system);
        fields.put("filesystem", filesystem);
        fields.put("options", String.join(",", options));
        fields.put("sqlite", sqlite);
        within.forEach((question, verdict) -> fields.put(question.name(), verdict.name()));
        List<String> pairs = new ArrayList<>();
        fields.forEach((name, value) -> pairs.add(name + "=" + encodedText(cut(value))));
        return String.join("&", pairs);
    }

    /** @throws IllegalArgumentException if it is no card */
    static Card decoded(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : text.split("&", 100)) {
            String[] parts = pair.split("=", 2);
            if (parts.length < 2) throw new IllegalArgumentException("no card");
            fields.put(parts[0], cut(decodedText(parts[1])));
        }
        if (!field(fields, "speaks").equals(SPEAKS)) throw new IllegalArgumentException("another version");
        Map<Question, Verdict> within = new EnumMap<>(Question.class);
        for (Question question : Question.values()) {
            String verdict = fields.get(question.name());
            if (verdict != null) within.put(question, Verdict.valueOf(verdict));
        }
        return new Card(
                field(fields, "host"),
                Optional.ofNullable(fields.get("boot")).filter(id -> id.matches("[0-9A-Za-z-]{8,64}")),
                !field(fields, "replaced").equals("false"),
                field(fields, "system"),
                field(fields, "filesystem"),
                List.of(field(fields, "options").split(",", -1)),
                field(fields, "sqlite"),
                within);
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) throw new IllegalArgumentException("a card without " + name);
        return value;
    }

    static String encodedText(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String decodedText(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
    }
}
