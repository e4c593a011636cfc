package walsafe.cli;

import java.util.List;
import walsafe.finding.Explain;
import walsafe.words.Visible;

/** {@code walsafe explain WS301}: the long answer, from the pages in the jar. */
final class ExplainCommand implements Command {
    @Override
    public List<Option> options() {
        return List.of(Option.FORMAT);
    }

    @Override
    public Outcome run(Arguments arguments, Terminal terminal) throws UsageException {
        boolean json = arguments.json();
        if (arguments.words().isEmpty()) return index(json);
        String asked = String.join(" ", arguments.words());
        Explain.Page page = Explain.of(asked).orElseThrow(() -> unknown(asked));
        return new Outcome(json ? ExplainJson.of(asked, page) : told(page, terminal.ink()), ExitCode.WELL);
    }

    /** The page as people read it: its title, and the marks of Markdown's bold as bold, or gone. */
    private static String told(Explain.Page page, Ink ink) {
        StringBuilder told = new StringBuilder(ink.bold(Visible.line(page.title()))).append("\n\n");
        String text = Visible.text(page.text().strip());
        int from = 0;
        for (int open = text.indexOf("**"); open >= 0; open = text.indexOf("**", from)) {
            int close = text.indexOf("**", open + 2);
            if (close < 0) break;
            told.append(text, from, open).append(ink.bold(text.substring(open + 2, close)));
            from = close + 2;
        }
        return told.append(text.substring(from)).append('\n').toString();
    }

    private static Outcome index(boolean json) {
        String index = Explain.index().strip() + "\n";
        return new Outcome(
                json ? ExplainJson.of("", new Explain.Page("index", index)) : Visible.text(index), ExitCode.WELL);
    }

    private static UsageException unknown(String asked) {
        List<String> near = Explain.suggestions(asked);
        String hint = near.isEmpty()
                ? " walsafe explain lists all that there is."
                : " Did you mean " + String.join(", ", near) + "?";
        return new UsageException("There is no page about \"" + asked + "\"." + hint);
    }
}
