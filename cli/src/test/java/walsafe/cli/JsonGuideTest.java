package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import walsafe.facts.SqliteVersion;

/**
 * {@code docs/guide/json.md} and the reports name the same fields. In the guide a heading names one or more objects, as
 * {@code doctor.facts.storage}; the first column of the table below it names their fields. {@code []} stands for each
 * element of a list and {@code {}} for each value of an object whose keys are data.
 */
class JsonGuideTest {
    private static final Path GUIDE = Path.of("../docs/guide/json.md");
    private static final Set<String> KEYS_ARE_DATA = Set.of("within", "across", "wishes", "descriptors");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @TempDir
    Path folder = Path.of("");

    @Test
    void everyFieldIsInTheGuideAndNoOther() throws IOException {
        Set<String> fields = new TreeSet<>();
        fieldsOf(DoctorJson.class, "doctor", fields);
        fieldsOf(WhoJson.class, "who", fields);
        fieldsOf(ConvertJson.class, "convert", fields);
        fieldsOf(CopyJson.class, "copy", fields);
        fieldsOf(TortureJson.class, "torture", fields);
        fieldsOf(TwoHostsJson.class, "two-hosts", fields);
        fieldsOf(ExplainJson.class, "explain", fields);

        assertThat(inTheGuide()).containsExactlyElementsOf(fields);
    }

    @Test
    void aRealReportHasNoFieldThatTheGuideDoesNotName() throws IOException {
        String database = Files.write(folder.resolve("my.db"), new byte[0]).toString();
        Set<String> written = new TreeSet<>();
        fieldsIn(report("doctor", database), "doctor", written);
        fieldsIn(report("who", database), "who", written);
        fieldsIn(
                Json.MAPPER.readTree(Asked.walsafe("convert", "--format", "json", "--to", "delete", database)
                        .out()),
                "convert",
                written);
        fieldsIn(report("explain", "WS301"), "explain", written);
        for (String golden : List.of("kept", "lost")) {
            String report = Files.readString(Path.of("src/test/resources/golden/torture-" + golden + ".json"));
            fieldsIn(Json.MAPPER.readTree(report), "torture", written);
        }
        for (String golden : List.of("safe", "refused", "memory")) {
            String report = Files.readString(Path.of("src/test/resources/golden/doctor-" + golden + ".json"));
            fieldsIn(Json.MAPPER.readTree(report), "doctor", written);
        }

        assertThat(written).hasSizeGreaterThan(100);
        assertThat(inTheGuide()).containsAll(written);
    }

    private static JsonNode report(String command, String about) {
        return Json.MAPPER.readTree(
                Asked.walsafe(command, "--format", "json", about).out());
    }

    private static Set<String> inTheGuide() throws IOException {
        Set<String> named = new TreeSet<>();
        List<String> objects = List.of();
        for (String line : Files.readAllLines(GUIDE)) {
            if (line.startsWith("#")) objects = code(line);
            if (!line.startsWith("| `")) continue;
            for (String field : code(line.substring(0, line.indexOf('|', 1)))) {
                for (String object : objects)
                    assertThat(named.add(object + "." + field)).as(field).isTrue();
            }
        }
        return named;
    }

    private static List<String> code(String line) {
        return CODE.matcher(line)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static void fieldsOf(Class<?> type, String object, Set<String> fields) {
        for (RecordComponent component : type.getRecordComponents()) {
            String field = object + "." + component.getName();
            fields.add(field);
            inside(component.getGenericType(), field, fields);
        }
    }

    private static void inside(Type type, String field, Set<String> fields) {
        if (type instanceof ParameterizedType generic) {
            Class<?> container = (Class<?>) generic.getRawType();
            Type[] of = generic.getActualTypeArguments();
            String step = Map.class.isAssignableFrom(container)
                    ? "{}"
                    : Iterable.class.isAssignableFrom(container) ? "[]" : "";
            inside(of[of.length - 1], field + step, fields);
        } else if (type instanceof Class<?> plain && plain.isRecord() && plain != SqliteVersion.class) {
            fieldsOf(plain, field, fields);
        }
    }

    private static void fieldsIn(JsonNode node, String at, Set<String> fields) {
        if (node.isArray()) node.forEach(element -> fieldsIn(element, at + "[]", fields));
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            boolean data = KEYS_ARE_DATA.contains(at.substring(at.lastIndexOf('.') + 1));
            String field = data ? at + "{}" : at + "." + entry.getKey();
            if (!data) fields.add(field);
            fieldsIn(entry.getValue(), field, fields);
        }
    }
}
