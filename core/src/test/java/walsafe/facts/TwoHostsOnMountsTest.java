package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import walsafe.peer.Partners;

/**
 * Two page caches and two lock tables over the same files, as two hosts have them: a bindfs mount and the directory behind
 * it. The two sides meet through names, as on any storage. As root only.
 */
@Timeout(300)
final class TwoHostsOnMountsTest {
    private static final String ONE = "11111111-1111-1111-1111-111111111111";
    private static final String TWO = "22222222-2222-2222-2222-222222222222";

    @TempDir
    Path folder;

    @Test
    void twoViewsOfOneDirectoryAreConvictedByLocksAndReads_andItIsRemembered() throws Exception {
        try (Mounted bindfs = Mounted.bindfs();
                Partners direct = Partners.start(bindfs.behind(), folder.resolve("one"), ONE, "names");
                Partners through = Partners.start(bindfs.point(), folder.resolve("two"), TWO, "names")) {
            for (List<String> told : List.of(direct.told(), through.told())) {
                assertThat(told)
                        .anyMatch(line -> line.startsWith("row LOCKS_EXCLUDE YES YES NO"))
                        .anyMatch(line -> line.startsWith("row READS_ARE_FRESH YES YES NO"))
                        .anyMatch(line -> line.startsWith("row MEMORY_IS_SHARED YES YES NO"))
                        .anyMatch(line -> line.startsWith("outcome CONVICTED UNSAFE remembered true"));
            }
            try (var left = Files.newDirectoryStream(bindfs.behind())) {
                assertThat(left).isEmpty();
            }
        }
    }

    /** The control: what is convicted above is the second view, not the conversation. */
    @Test
    void oneViewIsConvictedOfNothing() throws Exception {
        try (Mounted bindfs = Mounted.bindfs();
                Partners one = Partners.start(bindfs.point(), folder.resolve("one"), ONE, "names");
                Partners two = Partners.start(bindfs.point(), folder.resolve("two"), TWO, "names")) {
            for (List<String> told : List.of(one.told(), two.told())) {
                assertThat(told).noneMatch(line -> line.startsWith("row") && line.split(" ", -1)[4].equals("NO"));
                // Knowledge refuses it all the same: other views can be had at any time.
                assertThat(told).anyMatch(line -> line.startsWith("outcome PASSED UNSAFE"));
            }
        }
    }
}
