package walsafe.facts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A record as lines of text, for a child to tell its parent: one line for each number, word or text, in the order of the
 * components; before an {@code Optional} or a {@code List} the number of what follows. Both sides run the same classes,
 * so nothing is named and nothing can be left out.
 */
final class RecordLines {
    private RecordLines() {}

    static List<String> of(Record value) {
        List<String> lines = new ArrayList<>();
        write(value, lines);
        return lines;
    }

    private static void write(Object value, List<String> lines) {
        if (value instanceof Record whole) {
            for (RecordComponent part : whole.getClass().getRecordComponents()) write(part(whole, part), lines);
        } else if (value instanceof Optional<?> optional) {
            write(optional.stream().toList(), lines);
        } else if (value instanceof List<?> list) {
            lines.add(Integer.toString(list.size()));
            list.forEach(each -> write(each, lines));
        } else if (value instanceof Enum<?> word) {
            lines.add(word.name());
        } else {
            lines.add(URLEncoder.encode(value.toString(), UTF_8)); // no line break, and no ! at the beginning
        }
    }

    private static Object part(Record whole, RecordComponent part) {
        try {
            part.getAccessor().setAccessible(true);
            return part.getAccessor().invoke(whole);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The record that was told.
     *
     * @throws IllegalArgumentException if the lines are not of such a record
     */
    static <T extends Record> T read(Class<T> type, List<String> lines) {
        Iterator<String> next = lines.iterator();
        T value = type.cast(read((Type) type, next));
        if (next.hasNext()) throw new IllegalArgumentException("too much for a " + type.getSimpleName());
        return value;
    }

    private static Object read(Type type, Iterator<String> next) {
        if (type instanceof ParameterizedType generic) return several(generic, next);
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) return whole(plain, next);
        if (!next.hasNext()) throw new IllegalArgumentException("too little for a " + plain.getSimpleName());
        String line = next.next();
        if (plain == long.class || plain == Long.class) return Long.valueOf(line);
        if (plain == int.class) return Integer.valueOf(line);
        if (plain == boolean.class || plain == Boolean.class) return Boolean.valueOf(line);
        if (plain == String.class) return URLDecoder.decode(line, UTF_8);
        for (Object word : plain.getEnumConstants()) {
            if (((Enum<?>) word).name().equals(line)) return word;
        }
        throw new IllegalArgumentException("no " + plain.getSimpleName() + ": " + line);
    }

    private static Object several(ParameterizedType generic, Iterator<String> next) {
        Type one = generic.getActualTypeArguments()[0];
        int count = (Integer) read((Type) int.class, next);
        List<Object> all = new ArrayList<>();
        while (all.size() < count) all.add(read(one, next));
        return generic.getRawType() == Optional.class ? all.stream().findFirst() : all;
    }

    private static Object whole(Class<?> type, Iterator<String> next) {
        RecordComponent[] parts = type.getRecordComponents();
        Class<?>[] types = new Class<?>[parts.length];
        Object[] values = new Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
            types[i] = parts[i].getType();
            values[i] = read(parts[i].getGenericType(), next);
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
