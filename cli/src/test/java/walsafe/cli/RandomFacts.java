package walsafe.cli;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import walsafe.facts.Facts;
import walsafe.facts.SqliteVersion;

/** Fills records with anything that their types allow, so that a component added later is tested without a word. */
final class RandomFacts {
    private static final String LETTERS = "abc/ -\"\\\n\u001b\u202eäß😀$'%";

    private final Random random;

    RandomFacts(long seed) {
        this.random = new Random(seed);
    }

    Facts next() throws ReflectiveOperationException {
        return (Facts) record(Facts.class);
    }

    private Object record(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) values[i] = value(components[i].getGenericType());
        Constructor<?> constructor = type.getDeclaredConstructor(
                Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        return constructor.newInstance(values);
    }

    private Object value(Type type) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType generic) return container(generic);
        Class<?> plain = (Class<?>) type;
        if (plain == SqliteVersion.class) return new SqliteVersion(3, random.nextInt(60), random.nextInt(20));
        if (plain.isRecord()) return record(plain);
        if (plain.isEnum()) return plain.getEnumConstants()[random.nextInt(plain.getEnumConstants().length)];
        if (plain == String.class) return text();
        if (plain == boolean.class || plain == Boolean.class) return random.nextBoolean();
        if (plain == int.class || plain == Integer.class) return random.nextInt();
        if (plain == long.class || plain == Long.class) return random.nextLong();
        if (plain == OptionalLong.class) {
            return random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextLong());
        }
        throw new IllegalStateException("no random value for " + type);
    }

    private Object container(ParameterizedType type) throws ReflectiveOperationException {
        Class<?> raw = (Class<?>) type.getRawType();
        Type inner = type.getActualTypeArguments()[0];
        if (raw == Optional.class) return random.nextBoolean() ? Optional.empty() : Optional.of(value(inner));
        if (raw == Map.class) return map(inner, type.getActualTypeArguments()[1]);
        List<Object> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) values.add(value(inner));
        return raw == List.class ? values : new HashSet<>(values);
    }

    private Map<Object, Object> map(Type key, Type value) throws ReflectiveOperationException {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) map.put(value(key), value(value));
        return map;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        int[] letters = LETTERS.codePoints().toArray();
        for (int i = random.nextInt(12); i > 0; i--) text.appendCodePoint(letters[random.nextInt(letters.length)]);
        return text.toString();
    }
}
