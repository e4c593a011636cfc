package walsafe.policy;

import walsafe.facts.Answer;
import walsafe.facts.Answers;
import walsafe.facts.Facts;
import walsafe.facts.Mount;
import walsafe.facts.Question;
import walsafe.facts.Reach;
import walsafe.facts.StorageClass;
import walsafe.format.Header;

/** What the rules look at: the facts, the intent, and who therefore has to be reckoned with. */
record Case(Facts facts, Intent intent, Openers openers) {
    private static final Answer NOT_SEEN_FROM_HERE = new Answer(
            Answer.Verdict.UNKNOWN,
            "this is a local filesystem, and how other hosts would reach it cannot be seen from here",
            "docs/knowledge/README.md#filesystemstsv");

    /** Who opens the file, from the fewest parties to the most. */
    enum Openers {
        ONE_PROCESS("this process alone"),
        ONE_DOMAIN("the processes of this host"),
        SEVERAL_DOMAINS("everybody who can reach this storage");

        private final String words;

        Openers(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    static Case of(Facts facts, Intent intent) {
        return new Case(facts, intent, openers(facts.storage().reach(), intent.sharing()));
    }

    /**
     * Undeclared means one host only where nobody else can reach the file; on anything that a second kernel or a second
     * superblock can reach it means everybody who can.
     */
    private static Openers openers(Reach reach, Sharing sharing) {
        if (sharing == Sharing.THIS_PROCESS) return Openers.ONE_PROCESS;
        if (sharing == Sharing.ONE_HOST) return Openers.ONE_DOMAIN;
        if (sharing == Sharing.SEVERAL_HOSTS) return Openers.SEVERAL_DOMAINS;
        return reach == Reach.THIS_SUPERBLOCK ? Openers.ONE_DOMAIN : Openers.SEVERAL_DOMAINS;
    }

    Answer answer(Question question) {
        return answer(question, facts.answers());
    }

    /** Is the answer yes only because an experiment said so? */
    boolean onlyTried(Question question) {
        return answer(question).verdict() == Answer.Verdict.YES
                && answer(question, facts.storage().answers()).verdict() != Answer.Verdict.YES;
    }

    private Answer answer(Question question, Answers answers) {
        if (openers != Openers.SEVERAL_DOMAINS) return answers.within(question);
        Answer answer = answers.across(question);
        return answer.equals(Answer.UNKNOWN) && reach() == Reach.THIS_SUPERBLOCK ? NOT_SEEN_FROM_HERE : answer;
    }

    StorageClass kind() {
        return facts.storage().kind();
    }

    Reach reach() {
        return facts.storage().reach();
    }

    String filesystem() {
        return facts.storage().filesystem();
    }

    /** Is the database in WAL mode now, as far as its header could be read. */
    boolean walNow() {
        return facts.database().header().map(Header::wal).orElse(false);
    }

    boolean alone() {
        return openers == Openers.ONE_PROCESS;
    }

    boolean superblockReadOnly() {
        return facts.storage().mount().map(Mount::superblockReadOnly).orElse(false);
    }

    boolean mountReadOnly() {
        return facts.storage().mount().map(Mount::mountReadOnly).orElse(false);
    }

    /** The path that findings name: where the database is, or what the caller said. */
    String where() {
        return facts.target().database().orElse(facts.target().asked());
    }
}
