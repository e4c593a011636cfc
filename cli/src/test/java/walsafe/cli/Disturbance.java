package walsafe.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What may happen to a program while walsafe does something in it. */
enum Disturbance {
    NONE,
    INTERRUPTED_BEFORE {
        @Override
        void first() {
            Thread.currentThread().interrupt();
        }
    },
    /** The thread that asked, and every thread of walsafe's, as a thread group's interrupt does. */
    INTERRUPTED_AGAIN_AND_AGAIN {
        @Override
        void during(Thread worker) {
            worker.interrupt();
            Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("walsafe"))
                    .filter(thread -> !thread.getName().equals("walsafe-lock-watch")) // its way of being stopped
                    .forEach(Thread::interrupt);
            LockSupport.parkNanos(200_000);
        }
    },
    GARBAGE_COLLECTED {
        @Override
        void during(Thread worker) {
            System.gc();
            LockSupport.parkNanos(20_000_000);
        }

        @Override
        void afterwards(Path folder) throws IOException {
            collectEverything(folder);
        }
    };

    /** On the worker's thread, before the deed. */
    void first() {}

    /** Again and again until the deed is done. */
    void during(Thread worker) {
        LockSupport.parkNanos(1_000_000);
    }

    void afterwards(Path folder) throws IOException {}

    /** Returns when a file that was dropped without closing has been closed by the collector, twice in a row. */
    static void collectEverything(Path folder) throws IOException {
        for (int round = 0; round < 2; round++) {
            Path canary = Files.createTempFile(folder, "canary", "");
            drop(canary);
            while (isOpen(canary)) System.gc();
        }
    }

    private static void drop(Path canary) throws IOException {
        new RandomAccessFile(canary.toFile(), "r").read();
    }

    static boolean isOpen(Path file) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.anyMatch(each -> leadsTo(each, file));
        }
    }

    private static boolean leadsTo(Path descriptor, Path file) {
        try {
            return Files.isSameFile(descriptor, file);
        } catch (IOException e) {
            return false; // closed since it was listed
        }
    }
}
