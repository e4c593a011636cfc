package walsafe.facts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.List;
import walsafe.child.Parent;
import walsafe.child.Task;
import walsafe.format.Ledger;

/** Reads the bytes of a database in a process of its own, whose descriptors cost nobody a lock. */
final class ReadBytes implements Task {
    static final String END = "end";

    @Override
    public void run(List<String> arguments, Parent parent) throws InterruptedException {
        Ledger.thisProcessHasNoSqlite();
        Path database = Path.of(spoken(parent.next()));
        RecordLines.of(FileSet.read(database, FileStatus.of(database))).forEach(parent::tell);
        parent.tell(END);
    }

    /** A name as a line: it is not an argument, since those are shown to everybody, and spelt in fewer characters. */
    static String line(Path database) {
        return URLEncoder.encode(database.toString(), UTF_8);
    }

    private static String spoken(String line) {
        return URLDecoder.decode(line, UTF_8);
    }
}
