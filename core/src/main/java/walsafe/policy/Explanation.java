package walsafe.policy;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Tells a plan in words. */
final class Explanation {
    private Explanation() {}

    static String of(Plan.Open open) {
        var text = new StringBuilder("Open: " + open.mode().words() + vfs(open) + ".\n");
        for (Pragma pragma : open.pragmas()) {
            text.append("  %-42s %s\n".formatted(pragma.sql(), pragma.because()));
        }
        text.append(told(open.objections()));
        for (String condition : open.conditions())
            text.append("  Only if ").append(condition).append(".\n");
        for (var warning : open.warnings())
            text.append("  Mind: ").append(warning).append('\n');
        return text.toString();
    }

    static String of(Plan.Refuse refuse) {
        return "Do not open here. " + refuse.finding() + "\n" + told(refuse.objections());
    }

    private static String vfs(Plan.Open open) {
        return open.vfs().isEmpty() ? "" : ", VFS " + open.vfs();
    }

    private static String told(List<Objection> objections) {
        return objections.stream().map(Explanation::line).collect(Collectors.joining());
    }

    private static String line(Objection objection) {
        Reason reason = objection.reason();
        String modes = objection.modes().stream()
                .sorted(Comparator.reverseOrder())
                .map(Mode::words)
                .collect(Collectors.joining(", "));
        return "  Not %s: %s. [%s, %s]\n".formatted(modes, reason.because(), reason.rule(), reason.source());
    }
}
