package walsafe.format;

/** The bytes are what they were taken for, as far as was looked. */
public enum Legible implements Reading {
    YES;

    @Override
    public String why() {
        return "";
    }
}
