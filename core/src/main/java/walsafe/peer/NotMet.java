package walsafe.peer;

import java.io.IOException;

/** There is no other host to try anything with; the message says why, and the advice what to do about it. */
final class NotMet extends IOException {
    private static final long serialVersionUID = 1L;

    /** Where nothing is known but that nobody came. */
    static final String COME_TOGETHER =
            "Start it on both hosts, each in the directory as that host reaches it, within the"
                    + " time that --timeout allows.";

    private final String advice;

    NotMet(String why, String advice) {
        super(why);
        this.advice = advice;
    }

    NotMet(String why, Throwable cause) {
        super(why, cause);
        this.advice = COME_TOGETHER;
    }

    /** In sentences. */
    String advice() {
        return advice;
    }
}
