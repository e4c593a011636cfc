package walsafe.torture;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the writers have said of their transactions, kept outside of the place. A transaction that was under way when its
 * writer was killed may be there or not; every other has to be as it was told. Thread-safe.
 */
final class Ledger {
    private final Map<Integer, Account> accounts = new TreeMap<>();

    /** Of one writer. */
    static final class Account {
        final int writer;
        final int process;
        private final BitSet committed = new BitSet();
        private final BitSet unsure = new BitSet();
        private int last;
        private boolean closed;

        private Account(int writer, int process) {
            this.writer = writer;
            this.process = process;
        }

        /** Told before the rest of the world hears of it. */
        synchronized void told(char what, int number) {
            last = Math.max(last, number);
            if (what == '+') committed.set(number);
            if (what == '?') unsure.set(number);
        }

        synchronized void closed() {
            closed = true;
        }

        synchronized int latest() {
            return committed.length() - 1;
        }

        synchronized BitSet committed() {
            return (BitSet) committed.clone();
        }

        /** The transactions that may be there or not: told so, or never told because the writer was killed. */
        synchronized List<Integer> unsure() {
            List<Integer> numbers = new ArrayList<>(unsure.stream().boxed().toList());
            if (!closed) numbers.add(last + 1);
            return numbers;
        }
    }

    synchronized Account open(int process) {
        int writer = accounts.size() + 1;
        Account account = new Account(writer, process);
        accounts.put(writer, account);
        return account;
    }

    synchronized Map<Integer, Account> accounts() {
        return new TreeMap<>(accounts);
    }
}
