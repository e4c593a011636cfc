package walsafe.finding;

/** The one exception that walsafe throws about a user's trouble. It carries the finding that says what to do. */
public final class WalsafeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Finding finding;

    public WalsafeException(Finding finding) {
        super(finding.toString());
        this.finding = finding;
    }

    public WalsafeException(Finding finding, Throwable cause) {
        super(finding.toString(), cause);
        this.finding = finding;
    }

    public Finding finding() {
        return finding;
    }
}
