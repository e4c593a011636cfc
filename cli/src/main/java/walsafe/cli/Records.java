package walsafe.cli;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Copies a tree of records with every text in it changed. By reflection, so that a text added to the facts later cannot
 * be forgotten.
 */
final class Records {
    private Records() {}

    static <R extends Record> R mapText(R record, UnaryOperator<String> change) {
        @SuppressWarnings("unchecked") // the copy is made by the constructor of the record's own class
        R copy = (R) copy(record, change);
        return copy;
    }

    private static Object copy(Record record, UnaryOperator<String> change) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        try {
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = map(components[i].getAccessor().invoke(record), change);
            }
            return constructor(record, components).newInstance(values);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("a fact that cannot be copied: " + record.getClass(), impossible);
        }
    }

    private static Constructor<? extends Record> constructor(Record record, RecordComponent[] components)
            throws NoSuchMethodException {
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        return record.getClass().getDeclaredConstructor(types);
    }

    private static Object map(Object value, UnaryOperator<String> change) {
        if (value instanceof String text) return change.apply(text);
        if (value instanceof Record inner) return copy(inner, change);
        if (value instanceof Optional<?> maybe) return maybe.map(inner -> map(inner, change));
        if (value instanceof Set<?> set) return mapped(set, change).collect(Collectors.toUnmodifiableSet());
        if (value instanceof Collection<?> list) return mapped(list, change).toList();
        if (value instanceof Map<?, ?> entries) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            entries.forEach((key, inner) -> copy.put(key, map(inner, change)));
            return copy;
        }
        return value;
    }

    private static Stream<Object> mapped(Collection<?> values, UnaryOperator<String> change) {
        return values.stream().map(value -> map(value, change));
    }
}
