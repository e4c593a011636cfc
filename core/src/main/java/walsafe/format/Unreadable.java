package walsafe.format;

import java.util.Objects;

/**
 * Why bytes are not what they were taken for. Small, and put into words only when asked, since a foreign page can be
 * unreadable in ten thousand places.
 *
 * @param flaw what is wrong
 * @param page number of the page, frame or journal record that it was found on; 0 if there is none
 * @param seen the number that was found
 * @param expected the number that it had to be, or that bounds it; its meaning depends on the flaw
 */
public record Unreadable(Flaw flaw, long page, long seen, long expected) implements Reading {
    public Unreadable {
        Objects.requireNonNull(flaw, "flaw");
    }

    @Override
    public String why() {
        return flaw.inWords(seen, expected);
    }
}
