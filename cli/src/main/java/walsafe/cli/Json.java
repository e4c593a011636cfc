package walsafe.cli;

import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import walsafe.facts.SqliteVersion;

/**
 * How walsafe writes JSON: records as objects in the order of their components, enums in lower case with hyphens, an
 * empty {@code Optional} as null, a SQLite version as text, sets sorted. Equal values give equal text.
 */
final class Json {
    /** Grows when a field changes its meaning or goes; new fields do not change it. */
    static final int SCHEMA_VERSION = 1;

    static final JsonMapper MAPPER = JsonMapper.builder()
            .annotationIntrospector(new HyphenatedEnums())
            .addModule(new SimpleModule()
                    .addSerializer(SqliteVersion.class, new VersionAsText())
                    .addDeserializer(SqliteVersion.class, new VersionFromText())
                    .addSerializer(Set.class, new SortedSets()))
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static String write(Object value) {
        return MAPPER.writeValueAsString(value) + "\n";
    }

    /** {@code KEEP_EVERY_COMMIT} becomes {@code keep-every-commit}, and back. */
    private static final class HyphenatedEnums extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public String[] findEnumValues(MapperConfig<?> config, AnnotatedClass type, Enum<?>[] values, String[] names) {
            for (int i = 0; i < values.length; i++) {
                names[i] = values[i].name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
            return names;
        }
    }

    private static final class VersionAsText extends ValueSerializer<SqliteVersion> {
        @Override
        public void serialize(SqliteVersion version, JsonGenerator out, SerializationContext context) {
            out.writeString(version.toString());
        }
    }

    private static final class VersionFromText extends ValueDeserializer<SqliteVersion> {
        @Override
        public SqliteVersion deserialize(JsonParser in, DeserializationContext context) {
            String text = in.getString();
            return SqliteVersion.parse(text)
                    .orElseGet(() -> context.reportInputMismatch(this, "\"%s\" is no version of SQLite", text));
        }
    }

    /** A set of enums iterates differently in every JVM; in a report it must not. */
    @SuppressWarnings("rawtypes") // a serializer is registered for the raw class
    private static final class SortedSets extends ValueSerializer<Set> {
        @Override
        public void serialize(Set set, JsonGenerator out, SerializationContext context) {
            out.writeStartArray();
            ((Set<?>) set)
                    .stream()
                            .sorted(Comparator.comparing(Object::toString))
                            .forEach(value -> context.writeValue(out, value));
            out.writeEndArray();
        }
    }
}
