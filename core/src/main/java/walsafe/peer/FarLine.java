package walsafe.peer;

import java.io.IOException;
import java.time.Duration;
import walsafe.probe.Line;

/** An actor of the other host, as the one who conducts speaks with it. */
final class FarLine implements Line {
    static final String ENTER = "enter ";
    static final String ENTERED = "entered";
    static final String DO = "do ";
    static final String DID = "did ";
    static final String KILL = "kill";
    static final String KILLED = "killed";
    static final String LEAVE = "leave";
    static final String LEFT = "left";

    /** Before what the other side could not do. */
    static final String CANNOT = "cannot ";

    private final Post post;
    private final Duration patience;
    private String lost = "";

    private FarLine(Post post, Duration patience) {
        this.post = post;
        this.patience = patience;
    }

    /** @param patience what the other may take to answer, on its way included */
    static FarLine enter(String scratch, Post post, Duration patience) throws IOException {
        FarLine line = new FarLine(post, patience);
        line.exchange(ENTER + scratch, ENTERED);
        return line;
    }

    @Override
    public void tell(String question) throws IOException {
        mustBeThere();
        post.send(DO + question);
    }

    @Override
    public String hear() throws IOException {
        mustBeThere();
        String answer = received();
        if (answer.startsWith(DID)) return answer.substring(DID.length());
        throw lose(answer);
    }

    @Override
    public boolean expendable() {
        return true;
    }

    @Override
    public void kill() throws IOException {
        mustBeThere();
        exchange(KILL, KILLED);
        lost = "it was killed";
    }

    private void exchange(String question, String wanted) throws IOException {
        post.send(question);
        String answer = received();
        if (!answer.equals(wanted)) throw lose(answer);
    }

    /** Once a word is missing, the next could be taken for it. */
    private String received() throws IOException {
        try {
            return post.receive(patience);
        } catch (IOException e) {
            lost = String.valueOf(e.getMessage());
            throw e;
        }
    }

    private IOException lose(String answer) {
        boolean known = answer.startsWith(CANNOT);
        lost = known
                ? "the other host: " + answer.substring(CANNOT.length())
                : "the other host does not say what it has to";
        return new IOException(lost);
    }

    private void mustBeThere() throws IOException {
        if (!lost.isEmpty()) throw new IOException(lost);
    }

    @Override
    public void close() {
        boolean listens = lost.isEmpty() || lost.equals("it was killed") || lost.startsWith("the other host: ");
        if (!listens) return;
        try {
            post.send(LEAVE);
            post.receive(patience);
        } catch (IOException e) {
            lost = String.valueOf(e.getMessage()); // whoever speaks next will hear of it
        }
    }
}
