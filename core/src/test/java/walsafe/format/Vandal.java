package walsafe.format;

import java.util.Arrays;
import java.util.Random;

/** Damages bytes, the same way each time for the same seed. */
public final class Vandal {
    private final Random random;

    public Vandal(long seed) {
        this.random = new Random(seed);
    }

    /** A copy with one to eight bytes changed, a stretch zeroed or filled with noise, or its end cut off. */
    public byte[] damaged(byte[] sound) {
        byte[] bytes = sound.clone();
        switch (random.nextInt(5)) {
            case 0 -> fill(bytes, (byte) 0);
            case 1 -> fill(bytes, (byte) random.nextInt());
            case 2 -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            }
            default -> {
                for (int i = random.nextInt(8); i >= 0; i--) bytes[near(bytes.length)] = (byte) random.nextInt();
            }
        }
        return bytes;
    }

    private void fill(byte[] bytes, byte value) {
        int from = near(bytes.length);
        Arrays.fill(bytes, from, from + random.nextInt(bytes.length - from + 1), value);
    }

    /** Half of the damage hits the first 200 bytes, where the headers are. */
    private int near(int length) {
        return random.nextInt(random.nextBoolean() ? Math.min(200, length) : length);
    }
}
