package walsafe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import walsafe.facts.Facts;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;

/**
 * The guide's first story shows what the doctor says, letter by letter: of the facts that FirstSeedScenario of the lab saw on
 * a real NFS mount, and kept as {@code lab/target/first-story.json}. With {@code -Dgolden.update=true} the guide is renewed.
 */
class FirstStoryTest {
    private static final String FACTS = "src/test/resources/first-story.json";
    private static final Path GUIDE = Path.of("..", "docs", "guide", "first-story.md");
    private static final String BEGIN = "    walsafe doctor /mnt/nfs42/app.db\n\n```\n";

    @Test
    void theGuideShowsWhatTheDoctorSays() throws Exception {
        Facts facts = FactsFile.read(FACTS, new ByteArrayInputStream(new byte[0]));
        String told = DoctorText.of(Diagnosis.of(facts, Intent.DEFAULT), Ink.NONE);
        String guide = Files.readString(GUIDE);
        int begin = guide.indexOf(BEGIN) + BEGIN.length();
        int end = guide.indexOf("```\n", begin);

        if (Boolean.getBoolean("golden.update")) {
            guide = guide.substring(0, begin) + told + guide.substring(end);
            Files.writeString(GUIDE, guide);
            end = begin + told.length();
        }

        assertThat(guide.substring(begin, end)).isEqualTo(told);
    }
}
