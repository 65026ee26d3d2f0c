package io.longwire.keeper.profile;

import io.longwire.keeper.clock.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

final class SamplingTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path place;
    private final TestClock clock = new TestClock();
    private final FakeSampler sampler = new FakeSampler();
    private Path directory;
    private Sampling sampling;

    @BeforeEach
    void create() {
        directory = place.resolve("profiles");
        sampling = new Sampling(new Engine(sampler), directory, clock);
    }

    @Test
    void leavesTheEngineToAProfileThoughItsPieceCannotBeWritten() throws IOException {
        sampling.turn(true);
        breakDirectory();

        sampling.rest();

        assertThat(sampler.samples()).isFalse();
        sampling.goOn();
        assertThat(sampler.samples()).isTrue();
    }

    @Test
    void goesOnThoughItsPieceCannotBeWritten() throws IOException {
        sampling.turn(true);
        breakDirectory();

        clock.advance(MINUTE);

        await().atMost(SOON).until(() -> sampler.begun() == 2);
        Files.delete(directory);
        clock.advance(MINUTE);
        await().atMost(SOON).until(() -> sampler.begun() == 3);
        assertThat(past()).singleElement().asString().contains("a;b 1");
        assertThat(sampler.samples()).isTrue();
    }

    @Test
    void isSwitchedOffThoughItsLastPieceCannotBeWritten() throws IOException {
        sampling.turn(true);
        breakDirectory();

        sampling.turn(false);

        assertThat(sampler.samples()).isFalse();
        assertThat(sampling.state().getOn()).isFalse();
    }

    @Test
    void triesAtTheNextMinuteWhatCouldNotGoOnAfterAProfile() throws IOException {
        sampling.turn(true);
        sampling.rest();
        sampler.taken(true);
        sampling.goOn();
        assertThat(sampler.samples()).isFalse();

        sampler.taken(false);
        clock.advance(MINUTE);

        await().atMost(SOON).until(sampler::samples);
    }

    @Test
    void triesAtTheNextMinuteWhatCouldNotGoOnAtThisOne() throws IOException {
        sampling.turn(true);
        sampler.taken(true);
        clock.advance(MINUTE);
        await().atMost(SOON).until(() -> !sampler.samples());

        sampler.taken(false);
        clock.advance(MINUTE);

        await().atMost(SOON).until(sampler::samples);
    }

    @Test
    void tellsOfThePastThoughItCannotGoOn() throws IOException {
        sampling.turn(true);
        clock.advance(Duration.ofSeconds(1));
        sampler.taken(true);

        assertThat(past()).containsExactly("a;b 1\n");

        sampler.taken(false);
        clock.advance(MINUTE);
        await().atMost(SOON).until(sampler::samples);
    }

    @Test
    void tellsOfThePastToOneAtATime() throws IOException {
        sampling.turn(true);
        clock.advance(Duration.ofSeconds(1));
        sampling.past(Event.CPU, 60, "a title", _ -> assertThatThrownBy(this::past).isInstanceOf(Busy.class)
                .hasMessage("profile: another one is being taken (expected: one at a time)"));

        assertThat(past()).singleElement().asString().contains("a;b 1");
    }

    @Test
    void takesNoEngineThatAProfileIsAboutToTake() throws IOException {
        sampling.rest();

        assertThatThrownBy(() -> sampling.turn(true)).isInstanceOf(Busy.class)
                .hasMessageContaining("nobody else samples");

        assertThat(sampler.samples()).isFalse();
        sampling.goOn();
        sampling.turn(true);
        assertThat(sampler.samples()).isTrue();
    }

    private List<String> past() throws IOException {
        var stacks = new ArrayList<String>();
        sampling.past(Event.CPU, 60, "a title", profile -> stacks.add(Files.readString(profile.collapsed())));
        return stacks;
    }

    // A file stands where the directory would be made.
    private void breakDirectory() throws IOException {
        Files.createFile(directory);
    }
}
