package walsafe.peer;

import java.io.IOException;

/** There is no other host to try anything with; the message says why. */
final class NotMet extends IOException {
    private static final long serialVersionUID = 1L;

    NotMet(String why) {
        super(why);
    }

    NotMet(String why, Throwable cause) {
        super(why, cause);
    }
}
