package walsafe.probe;

import java.io.IOException;
import java.nio.file.Path;

/** The caller's own process as an actor. It must outlive the probe, so it maps nothing and runs no SQLite. */
final class OwnLine implements Line {
    private final Deeds deeds;
    private String answer = "";

    OwnLine(Path scratch) {
        this.deeds = new Deeds(scratch, scratch);
    }

    @Override
    public void tell(String question) {
        if (question.startsWith("map") || question.startsWith("sql-")) {
            throw new IllegalStateException("not in the caller's process: " + question);
        }
        answer = deeds.answer(question);
    }

    @Override
    public String hear() {
        return answer;
    }

    @Override
    public boolean expendable() {
        return false;
    }

    @Override
    public void kill() throws IOException {
        throw new IOException("the caller's process is not to be killed");
    }

    @Override
    public void close() {
        deeds.close();
    }
}
