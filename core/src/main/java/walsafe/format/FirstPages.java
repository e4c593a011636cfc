package walsafe.format;

import java.util.Optional;

/** The database headers in those frames of a -wal that hold page 1. */
record FirstPages(Optional<Header> earliest, Optional<Header> latest) {
    static final FirstPages NONE = new FirstPages(Optional.empty(), Optional.empty());

    FirstPages then(Header next) {
        return then(new FirstPages(Optional.of(next), Optional.of(next)));
    }

    FirstPages then(FirstPages next) {
        return new FirstPages(earliest.or(next::earliest), next.latest.or(() -> latest));
    }
}
