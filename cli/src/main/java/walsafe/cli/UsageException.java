package walsafe.cli;

/** The command line could not be understood. The message says what was wrong with it, and what would be right. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
