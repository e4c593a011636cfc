package walsafe.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One row of {@code signals.tsv}: something to look for, and what it tells. Knowledge is data, so that people who know
 * an environment need not know Java. What takes more than looking is in {@link Inspection}.
 *
 * @param environment what it speaks for or against
 * @param how what to look at
 * @param argument what to look for there
 * @param confidencePercent 95 or more is enough by itself
 * @param against does it speak against the environment?
 * @param source who says so: a URL, or an anchor of {@code docs/knowledge/environment.md}
 */
record Telltale(
        Environment environment, How how, String argument, int confidencePercent, boolean against, String source) {

    /** What to look at. The argument is one word, or two with a blank between; the second may have blanks in it. */
    enum How {
        /** {@code path}: it exists. */
        FILE,
        /** {@code path other-path}: the first exists and the second does not. */
        WITHOUT,
        /** {@code path needle}: the file's text contains it. */
        TEXT,
        /** {@code NAME} or {@code NAME=prefix}: the environment variable is set, its value begins so. */
        ENV,
        /** {@code needle}: the kernel's release contains it; the case counts. */
        RELEASE,
        /** {@code needle}: the kernel's command line contains it. */
        CMDLINE,
        /** {@code needle}: what the kernel says of the first processor contains it. */
        CPUINFO,
        /** {@code prefix}: a vendor or product name of the firmware (SMBIOS) begins so. */
        DMI,
        /** {@code needle}: the path of this process's control group contains it. */
        CGROUP,
        /** {@code needle}: a line of mountinfo contains it. */
        MOUNTED,
        /** {@code point needle}: the line of mountinfo for the mount at this point contains it. */
        AT
    }

    private static final JarTable TABLE = new JarTable("/walsafe/signals.tsv", 6);

    private static final List<String> FIRMWARE = List.of(
            "/sys/class/dmi/id/product_name",
            "/sys/class/dmi/id/sys_vendor",
            "/sys/class/dmi/id/product_version",
            "/sys/class/dmi/id/board_vendor");

    /** All rows that are seen, in the order of the table. */
    static List<Sighting> seenIn(Surroundings host) {
        List<Sighting> seen = new ArrayList<>();
        for (Telltale telltale : table()) {
            if (telltale.canBeLookedFor(host) && telltale.isSeenIn(host)) seen.add(telltale.sighting());
        }
        return seen;
    }

    /** The rows of the table. */
    static List<Telltale> table() {
        List<Telltale> rows = new ArrayList<>();
        for (String[] cells : TABLE.rows()) rows.add(of(cells));
        return rows;
    }

    static Telltale parse(String row) {
        return of(TABLE.cells(row));
    }

    private static Telltale of(String[] cells) {
        return new Telltale(
                Environment.valueOf(cells[0]),
                How.valueOf(cells[1]),
                cells[2],
                Integer.parseInt(cells[3]),
                cells[4].equals("against"),
                cells[5]);
    }

    /** Other systems have environment variables too, but none of the files. */
    private boolean canBeLookedFor(Surroundings host) {
        return how == How.ENV || host.jvm().linux();
    }

    private boolean isSeenIn(Surroundings host) {
        return switch (how) {
            case FILE -> host.exists(argument);
            case WITHOUT -> host.exists(first()) && !host.exists(second());
            case TEXT -> host.text(first()).contains(second());
            case ENV -> isSet(host);
            case RELEASE -> host.release().contains(argument);
            case CMDLINE -> host.text("/proc/cmdline").contains(argument);
            case CPUINFO -> host.processor().contains(argument);
            case DMI -> firmwareSays(host);
            case CGROUP -> host.text("/proc/self/cgroup").contains(argument);
            case MOUNTED -> host.text("/proc/self/mountinfo").contains(argument);
            case AT -> host.mountAt(first()).orElse("").contains(second());
        };
    }

    private boolean isSet(Surroundings host) {
        int equals = argument.indexOf('=');
        Optional<String> value = host.variable(equals < 0 ? argument : argument.substring(0, equals));
        return value.isPresent() && value.get().startsWith(equals < 0 ? "" : argument.substring(equals + 1));
    }

    private boolean firmwareSays(Surroundings host) {
        for (String name : FIRMWARE) {
            if (host.text(name).startsWith(argument)) return true;
        }
        return false;
    }

    private Sighting sighting() {
        return new Sighting(new Signal(environment, confidencePercent, seen(), against), witness());
    }

    /** Names what was looked for and never the value found, which may name a person, a project or a machine. */
    private String seen() {
        return switch (how) {
            case FILE -> argument + " exists";
            case WITHOUT -> first() + " exists and " + second() + " does not";
            case TEXT -> first() + " contains \"" + second() + '"';
            case ENV -> "the environment variables have " + argument;
            case RELEASE -> "the kernel's release contains \"" + argument + '"';
            case CMDLINE -> "the kernel's command line contains \"" + argument + '"';
            case CPUINFO -> "/proc/cpuinfo contains \"" + argument.strip() + '"';
            case DMI -> "the firmware names \"" + argument + '"';
            case CGROUP -> "the control group's path contains \"" + argument + '"';
            case MOUNTED -> "a mount has \"" + argument.strip() + '"';
            case AT -> "the mount at " + first() + " has \"" + second().strip() + '"';
        };
    }

    private String witness() {
        return switch (how) {
            case FILE, WITHOUT, TEXT -> isOfTheKernel(first()) ? first() : "the image";
            case AT -> "the mount at " + first();
            case MOUNTED -> "the mounts";
            case ENV, RELEASE, CMDLINE, CPUINFO, DMI, CGROUP -> how.name();
        };
    }

    /** Files elsewhere, and under /run too, may have come with an image; the kernel's own have not. */
    private static boolean isOfTheKernel(String path) {
        return path.startsWith("/proc/") || path.startsWith("/sys/");
    }

    private String first() {
        int blank = argument.indexOf(' ');
        return blank < 0 ? argument : argument.substring(0, blank);
    }

    private String second() {
        return argument.substring(argument.indexOf(' ') + 1);
    }
}
