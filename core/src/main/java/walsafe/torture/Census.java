package walsafe.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Knows every process that was started, so that none outlives the torture. */
final class Census implements Line.Source {
    private final Line.Source source;
    private final Set<Counted> alive = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    Census(Line.Source source) {
        this.source = source;
    }

    @Override
    public Line worker() throws IOException {
        return counted(source.worker());
    }

    @Override
    public Line counter() throws IOException {
        return counted(source.counter());
    }

    private Line counted(Line line) throws IOException {
        Counted counted = new Counted(line);
        alive.add(counted);
        if (over) {
            counted.close();
            throw new IOException("the torture is over");
        }
        return counted;
    }

    /** Kills all that are left, and every one that is started from now on. */
    void over() {
        over = true;
        alive.forEach(Line::kill);
    }

    private final class Counted implements Line {
        private final Line line;

        Counted(Line line) {
            this.line = line;
        }

        @Override
        public void tell(String told) throws IOException {
            line.tell(told);
        }

        @Override
        public String hear(Duration patience) throws IOException {
            return line.hear(patience);
        }

        @Override
        public void kill() {
            line.kill();
        }

        @Override
        public boolean stop(Duration time) {
            return line.stop(time);
        }

        @Override
        public boolean stopWith(Grip grip, Path database, Duration time, Duration patience) {
            return line.stopWith(grip, database, time, patience);
        }

        @Override
        public void close() {
            alive.remove(this);
            line.close();
        }
    }
}
