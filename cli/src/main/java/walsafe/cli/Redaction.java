package walsafe.cli;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import walsafe.facts.DatabaseFacts;
import walsafe.facts.Facts;
import walsafe.facts.Host;
import walsafe.facts.Neighbour;
import walsafe.facts.Neighbours;

/**
 * Takes out of facts what could identify a person: user names, the host's name, command lines, the names of home
 * directories and of servers, addresses in mount options. Other parts of paths stay, for they decide the diagnosis.
 */
final class Redaction {
    private static final Pattern HOME = Pattern.compile("([/\\\\](?:home|Users)[/\\\\])[^/\\\\]+");
    private static final Pattern NFS_SERVER = Pattern.compile("^[^/:]{2,}:(?=/)");
    private static final Pattern SMB_SERVER = Pattern.compile("^([/\\\\]{2})[^/\\\\]+");
    private static final Pattern OPTION =
            Pattern.compile("^((?:mount|client|src|local)?addr|user(?:name)?|domain|ip|password|credentials)=.*");

    private Redaction() {}

    static Facts of(Facts facts) {
        Optional<String> host = facts.host().name();
        Facts nameless = new Facts(
                facts.target(),
                facts.storage(),
                facts.domain(),
                nameless(facts.host()),
                nameless(facts.database()),
                nameless(facts.neighbours()),
                facts.sqlite(),
                facts.unseen());
        return Records.mapText(nameless, text -> scrub(text, host));
    }

    private static String scrub(String text, Optional<String> host) {
        String scrubbed = HOME.matcher(text).replaceAll("$1removed");
        scrubbed = scrubbed.startsWith("file:")
                ? scrubbed
                : NFS_SERVER.matcher(scrubbed).replaceFirst("removed:");
        scrubbed = SMB_SERVER.matcher(scrubbed).replaceFirst("$1removed");
        scrubbed = OPTION.matcher(scrubbed).replaceFirst("$1=removed");
        return host.isPresent() && host.get().length() > 2
                ? scrubbed.replaceAll("(?<![\\w-])" + Pattern.quote(host.get()) + "(?![\\w-])", "removed")
                : scrubbed;
    }

    private static Host nameless(Host host) {
        return new Host(
                host.os(),
                host.kernel(),
                host.arch(),
                host.littleEndian(),
                host.memoryPageBytes(),
                host.bootId(),
                host.bootIdReplaced(),
                host.pidNamespace(),
                host.allProcessesVisible(),
                Optional.empty(),
                host.environments(),
                host.signals());
    }

    private static DatabaseFacts nameless(DatabaseFacts database) {
        return new DatabaseFacts(
                database.content(),
                database.looksLike(),
                database.header(),
                database.sizeBytes(),
                database.modified(),
                database.permissions(),
                Optional.empty(),
                database.readable(),
                database.writable(),
                database.directoryWritable(),
                database.hardLinks(),
                database.freeBytes(),
                database.totalBytes(),
                database.wal(),
                database.shm(),
                database.journal(),
                database.leftovers(),
                database.cloudFolder(),
                database.bakedIn(),
                database.notRead());
    }

    private static Neighbours nameless(Neighbours neighbours) {
        List<Neighbour> processes =
                neighbours.processes().stream().map(Redaction::nameless).toList();
        return new Neighbours(
                neighbours.looked(), processes, neighbours.unseenHolders(), neighbours.denied(), neighbours.complete());
    }

    private static Neighbour nameless(Neighbour process) {
        return new Neighbour(
                process.pid(),
                "removed",
                Optional.empty(),
                process.startedAt(),
                process.open(),
                process.deleted(),
                process.locks(),
                process.pinsFrame(),
                process.sqlites(),
                process.otherDomain(),
                process.self());
    }
}
