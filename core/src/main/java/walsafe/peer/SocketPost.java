package walsafe.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Words over a connection. One side listens and has made the token, the other connects and was given it; neither says more
 * before the other has proved that it has it, and both give up a stranger within seconds.
 *
 * <pre>
 * listening   walsafe two hosts 1 NUMBER
 * connecting  NUMBER PROOF           over both numbers
 * listening   PROOF                  or: refused
 * </pre>
 */
final class SocketPost implements Post {
    private static final String HEADING = "walsafe two hosts 1 ";
    private static final String REFUSED = "refused";
    private static final String ADDRESS =
            "Connect to the address and port that the listening side prints, while it waits;"
                    + " through a tunnel, see that its far end is that port.";
    private static final String TOKEN =
            "Copy the token again from what the listening side has printed; each --listen makes a new one.";
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final Duration FAREWELL = Duration.ofSeconds(5);
    private static final int MOST_STRANGERS = 50;
    private static final int NUMBER_BYTES = 16;

    private final Socket socket;
    private final boolean conducts;
    private final InputStream in;
    private final byte[] buffer = new byte[Post.LONGEST];
    private int from;
    private int to;

    private SocketPost(Socket socket, boolean conducts) throws IOException {
        this.socket = socket;
        this.conducts = conducts;
        this.in = socket.getInputStream();
        socket.setTcpNoDelay(true); // short questions, short answers
    }

    /**
     * Waits for the one who has the token. Strangers are told off and counted; the 51st ends it.
     *
     * @throws IOException if nobody came in time, saying how many were turned away
     */
    static SocketPost accept(ServerSocket listening, Token token, Duration wait) throws IOException {
        long end = System.nanoTime() + wait.toNanos();
        int strangers = 0;
        while (strangers <= MOST_STRANGERS) {
            SocketPost post = new SocketPost(next(listening, end, wait, strangers), false);
            try {
                post.welcome(token);
                return post;
            } catch (IOException e) {
                strangers++;
                post.close();
            }
        }
        throw new NotMet(
                strangers + " came without the token, so nobody else was waited for",
                "Listen at another port or address, where others do not come by.");
    }

    private static Socket next(ServerSocket listening, long end, Duration wait, int strangers) throws IOException {
        long left = (end - System.nanoTime()) / 1_000_000;
        try {
            if (left <= 0) throw new SocketTimeoutException();
            listening.setSoTimeout((int) left);
            return listening.accept();
        } catch (SocketTimeoutException e) {
            String turnedAway = strangers == 0 ? "" : "; " + strangers + " came without the right token";
            throw new NotMet("no other host came within " + wait.toSeconds() + " s" + turnedAway, e);
        }
    }

    private void welcome(Token token) throws IOException {
        String mine = Token.chance(NUMBER_BYTES);
        send(HEADING + mine);
        String[] words = receive(HANDSHAKE).split(" ", -1);
        boolean known = words.length == 2
                && words[0].length() == 2 * NUMBER_BYTES
                && token.proved("connecting", mine + words[0], words[1]);
        if (!known) {
            send(REFUSED);
            throw new IOException("a stranger");
        }
        send(token.proof("listening", mine + words[0]));
    }

    /** @throws NotMet if nobody listens there in time, or somebody who has another token */
    static SocketPost connect(String host, int port, Token token, Duration wait) throws IOException {
        String where = host + ":" + port;
        Socket socket = new Socket();
        SocketPost post;
        try {
            socket.connect(new InetSocketAddress(host, port), (int) Math.min(wait.toMillis(), 60_000));
            post = new SocketPost(socket, true);
        } catch (IOException e) {
            socket.close();
            throw new NotMet(
                    "nobody could be reached at " + where + ": " + e.getMessage(),
                    "Start the listening side first, and connect to the address and port that it prints; through a tunnel,"
                            + " open that before.");
        }
        try {
            post.introduce(where, token);
            return post;
        } catch (IOException e) {
            post.close();
            if (e instanceof NotMet) throw e;
            throw new NotMet(where + " does not answer as walsafe does: " + e.getMessage(), ADDRESS);
        }
    }

    private void introduce(String where, Token token) throws IOException {
        String heading = receive(HANDSHAKE);
        String theirs = heading.startsWith(HEADING) ? heading.substring(HEADING.length()) : "";
        if (theirs.length() != 2 * NUMBER_BYTES) throw new NotMet(where + " is no walsafe torture --listen", ADDRESS);
        String numbers = theirs + Token.chance(NUMBER_BYTES);
        send(numbers.substring(theirs.length()) + ' ' + token.proof("connecting", numbers));
        String answer = receive(HANDSHAKE);
        if (answer.equals(REFUSED)) {
            throw new NotMet("the token is not the one that " + where + " printed", TOKEN);
        }
        if (!token.proved("listening", numbers, answer)) {
            throw new NotMet(where + " does not know the token itself", TOKEN);
        }
    }

    @Override
    public boolean conducts() {
        return conducts;
    }

    @Override
    public String words() {
        return "over a connection, " + (conducts ? "to " : "from ") + socket.getRemoteSocketAddress();
    }

    @Override
    public Duration journey() {
        return Duration.ofSeconds(10);
    }

    @Override
    public void send(String line) throws IOException {
        byte[] bytes = (line + '\n').getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Post.LONGEST || line.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("no message of one line: " + line.length() + " characters");
        }
        socket.getOutputStream().write(bytes);
    }

    @Override
    public String receive(Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (from == to) fill(end, patience);
            byte next = buffer[from++];
            if (next == '\n') return line.toString(StandardCharsets.UTF_8);
            line.write(next);
            if (line.size() > Post.LONGEST) {
                throw new IOException("the other host said more than " + Post.LONGEST + " bytes at a time");
            }
        }
    }

    /** With what is left of the time for the whole line, so that a byte now and then does not keep us. */
    private void fill(long end, Duration patience) throws IOException {
        long left = (end - System.nanoTime()) / 1_000_000;
        try {
            if (left <= 0) throw new SocketTimeoutException();
            socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
            from = 0;
            to = 0;
            int read = in.read(buffer);
            if (read < 0) throw new IOException("the other host has ended the conversation");
            to = read;
        } catch (SocketTimeoutException e) {
            throw new IOException("the other host said nothing for " + patience.toSeconds() + " s", e);
        }
    }

    @Override
    public void linger() {
        try {
            while (true) receive(FAREWELL);
        } catch (IOException gone) {
            // As it should be.
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no more use either way.
        }
    }
}
