package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Laws of the jury, over all invented hosts and over random sightings with a printed seed. */
class JuryLaws {
    private static final long SEED = new Random().nextLong();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("walsafe.facts.HostFixture#all")
    void losingASignalForNeverAddsAnEnvironment(HostFixture host) {
        assertLosingASignalForNeverAdds(HostLook.sightings(host.builtIn(directory)));
    }

    @Test
    void losingASignalForNeverAddsAnEnvironment_random() {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) assertLosingASignalForNeverAdds(sightings(random));
    }

    @Test
    void losingASignalAgainstNeverTakesAnEnvironmentAway() {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            List<Sighting> all = sightings(random);
            Set<Environment> before = Jury.verdict(all);
            for (Sighting lost : all) {
                if (lost.signal().against())
                    assertThat(Jury.verdict(without(all, lost)))
                            .as("seed %d without %s", SEED, lost)
                            .containsAll(before);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLoneSignalBelow95NeverClaimsAnEnvironment(Environment environment) {
        for (int confidence = 0; confidence < 95; confidence++) {
            List<Sighting> alone = List.of(Sighting.of(environment, confidence, "seen", "a witness"));

            assertThat(Jury.verdict(alone)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void manySignalsOfOneWitnessAreOneVoice(Environment environment) {
        List<Sighting> many = Collections.nCopies(10, Sighting.of(environment, 94, "another file", "the image"));

        assertThat(Jury.verdict(many)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void twoWitnessesOrOneDecisiveSignalAreEnough(Environment environment) {
        Sighting one = Sighting.of(environment, 60, "seen", "one witness");
        Sighting other = Sighting.of(environment, 60, "seen", "another witness");
        Sighting decisive = Sighting.of(environment, 95, "seen", "one witness");

        assertThat(Jury.verdict(List.of(one, other))).contains(environment);
        assertThat(Jury.verdict(List.of(decisive))).contains(environment);
    }

    @Test
    @DisplayName("who is in Docker is in a container")
    void aNarrowerEnvironmentBringsItsWiderOneAlong() {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            Set<Environment> agreed = Jury.verdict(sightings(random));
            for (Environment narrow : agreed) {
                assertThat(agreed)
                        .as("seed %d", SEED)
                        .containsAll(narrow.wider().map(Set::of).orElse(Set.of()));
            }
        }
    }

    @Test
    void theOrderOfSightingsIsIrrelevant() {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            List<Sighting> some = sightings(random);
            List<Sighting> shuffled = new ArrayList<>(some);
            Collections.shuffle(shuffled, random);

            assertThat(Jury.verdict(shuffled)).as("seed %d", SEED).isEqualTo(Jury.verdict(some));
        }
    }

    private static void assertLosingASignalForNeverAdds(List<Sighting> all) {
        Set<Environment> before = Jury.verdict(all);
        for (Sighting lost : all) {
            if (!lost.signal().against())
                assertThat(before).as("seed %d without %s", SEED, lost).containsAll(Jury.verdict(without(all, lost)));
        }
    }

    private static List<Sighting> without(List<Sighting> all, Sighting lost) {
        List<Sighting> rest = new ArrayList<>(all);
        rest.remove(lost);
        return rest;
    }

    private static List<Sighting> sightings(Random random) {
        Environment[] environments = {
            Environment.CONTAINER,
            Environment.DOCKER,
            Environment.GVISOR,
            Environment.VM,
            Environment.WSL2,
            Environment.WSL1
        };
        List<Sighting> sightings = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            Environment environment = environments[random.nextInt(environments.length)];
            Signal signal = new Signal(environment, random.nextInt(101), "sign " + i, random.nextInt(4) == 0);
            sightings.add(new Sighting(signal, "witness " + random.nextInt(4)));
        }
        return sightings;
    }
}
