package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.policy.Dedupe;
import io.longwire.sdk.store.AppStore;
import io.longwire.sdk.store.MessageLog;
import io.longwire.sdk.store.PhoneStore;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pushes, duplicates, collapses, replacements, revocations, clicks, pauses and restarts in any order, with the process
 * ended between any two steps and in the middle of a call: what the listener saw obeys the promises.
 */
class ListenerOrderPropertyTest {
    private static final int IDS = 24;
    private static final int KEYS = 3;

    @Property(tries = 500)
    void whatTheListenerSawObeysThePromises(@ForAll("steps") List<Integer> steps) throws IOException {
        Path directory = Files.createTempDirectory("longwire-order");
        try (World world = new World(directory.toFile())) {
            for (int step : steps) {
                world.step(step / 1_000, step % 1_000);
            }
            world.settle();
        } finally {
            delete(directory);
        }
    }

    // Numbers that fall anywhere, and many of them: what is rare needs several steps about the same message.
    @Provide
    Arbitrary<List<Integer>> steps() {
        return Arbitraries.integers().between(0, 9_999).withDistribution(RandomDistribution.uniform()).list()
                .ofMinSize(1)
                .ofMaxSize(160).withSizeDistribution(RandomDistribution.uniform());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    /** The process ends in the middle of a call of the app. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super("killed", null, false, false);
        }
    }

    /** One app over many lives of its process, and what it was told in all of them. */
    private static final class World implements AppInbox.Handler, AutoCloseable {
        private final File directory;
        private final Deque<Runnable> appThread = new ArrayDeque<>();
        private final Set<Long> delivered = new HashSet<>(); // acked STORED at least once
        private final Set<Long> shown = new HashSet<>();
        private final Set<Long> doubtful = new HashSet<>(); // the process ended in the call
        private final Set<Long> revoked = new HashSet<>(); // acked STORED
        private final Set<Long> told = new HashSet<>();
        private final Set<Long> clicked = new HashSet<>();
        private final Map<ByteString, Long> newest = new HashMap<>();
        private LongConsumer during = called -> {
        };
        private boolean killNext;
        private boolean declineNext;
        private @Nullable PhoneStore phoneStore;
        private @Nullable AppStore appStore;
        private @Nullable AppInbox inbox;
        private @Nullable VirtualLoop loop;

        World(File directory) throws IOException {
            this.directory = directory;
            boot();
        }

        void step(int what, int number) throws IOException {
            switch (what) {
                case 0, 1, 2, 3 -> offer(message(1 + number % IDS));
                case 4, 5 -> revoke(1 + number % IDS);
                case 6, 7 -> work(number % 4);
                case 8 -> click(1 + number % IDS);
                default -> life(number);
            }
        }

        private void life(int number) throws IOException {
            long id = 1L + number / 8 % IDS;
            switch (number % 8) {
                case 0 -> reboot();
                case 1 -> killNext = true;
                case 2 -> declineNext = true;
                case 3 -> inbox().pause();
                case 4, 5 -> inbox().resume();
                case 6 -> during = called -> revoke(called);
                default -> during = called -> offer(message(id));
            }
        }

        /** In the end all that was stored is shown, unless there is a reason. */
        void settle() throws IOException {
            killNext = false;
            declineNext = false;
            reboot();
            inbox().resume();
            work(10_000);
            assertThat(Objects.requireNonNull(appStore).messages().unshown()).isEmpty();
            assertThat(told).as("shown, then revoked").containsAll(shown.stream().filter(revoked::contains).toList());
            for (long id : delivered) {
                Push push = message(id);
                boolean superseded = isReplaced(id) || (!push.getCollapseKey().isEmpty()
                        && newest.getOrDefault(push.getCollapseKey(), 0L) > id);
                assertThat(shown.contains(id) || doubtful.contains(id) || revoked.contains(id) || superseded)
                        .as("message %d was acked, then shown or taken back", id).isTrue();
            }
        }

        private boolean isReplaced(long id) {
            return delivered.stream().anyMatch(other -> message(other).getReplaces() == id);
        }

        private void offer(Push push) {
            if (inbox().offer(push) == AckStatus.ACK_STORED && push.getKind() == PushKind.KIND_DATA) {
                delivered.add(push.getMessageId());
                if (!push.getCollapseKey().isEmpty()) {
                    newest.merge(push.getCollapseKey(), push.getMessageId(), Math::max);
                }
            }
        }

        private void revoke(long target) {
            AckStatus status = inbox().offer(Push.newBuilder().setEndpointId(5).setAppId(7).setMessageId(1_000 + target)
                    .setKind(PushKind.KIND_REVOKE).setReplaces(target).setExpireAtMs(Long.MAX_VALUE / 2).build());
            if (status == AckStatus.ACK_STORED) {
                revoked.add(target);
            } else if (status == AckStatus.ACK_REVOKE_LATE) {
                assertThat(clicked).contains(target);
                assertThat(revoked).doesNotContain(target);
            }
        }

        private void click(long id) {
            if (shown.contains(id) || doubtful.contains(id)) {
                inbox().report(id, Dedupe.CLICKED);
                clicked.add(id);
            }
        }

        // Every third message has a key, every fifth replaces one before it.
        private static Push message(long id) {
            Push.Builder push = Push.newBuilder().setEndpointId(5).setAppId(7).setMessageId(id)
                    .setExpireAtMs(Long.MAX_VALUE / 2);
            if (id % 3 == 0) {
                push.setCollapseKey(ByteString.copyFromUtf8("key " + id / 3 % KEYS));
            } else if (id % 5 == 0) {
                push.setReplaces(id - 3);
            }
            return push.build();
        }

        @Override
        public boolean onMessage(MessageLog.Stored one, boolean again) {
            long id = one.push().getMessageId();
            assertThat(shown).as("shown once").doesNotContain(id);
            assertThat(doubtful.contains(id)).as("a repetition is marked").isIn(false, again);
            // A revocation during the call comes after it, so "never after" is about calls that begin.
            assertThat(revoked).as("never after its revocation").doesNotContain(id);
            ByteString key = one.push().getCollapseKey();
            if (!key.isEmpty()) {
                for (long other : shown) {
                    assertThat(message(other).getCollapseKey().equals(key) && other > id).as("%d after %d", id, other)
                            .isFalse();
                }
            }
            if (one.earlier() != 0) {
                assertThat(shown.contains(one.earlier()) || doubtful.contains(one.earlier()))
                        .as("%d stands in the place of one that was shown, %d", id, one.earlier()).isTrue();
                assertThat(revoked).as("in the place of one that is there").doesNotContain(one.earlier());
            }
            LongConsumer meanwhile = during;
            during = called -> {
            };
            meanwhile.accept(id);
            if (killNext) {
                killNext = false;
                doubtful.add(id);
                throw new Killed();
            }
            if (declineNext) {
                declineNext = false;
                return false;
            }
            doubtful.remove(id);
            shown.add(id);
            return true;
        }

        @Override
        public void onRevoked(long messageId) {
            assertThat(revoked).contains(messageId);
            if (killNext) {
                killNext = false;
                throw new Killed();
            }
            assertThat(told.add(messageId)).as("told once").isTrue();
        }

        // The app's thread does so many things.
        private void work(int tasks) throws IOException {
            for (int i = 0; i < tasks && !appThread.isEmpty(); i++) {
                try {
                    appThread.remove().run();
                } catch (Killed end) {
                    reboot();
                    return;
                }
                Objects.requireNonNull(loop).advance(0);
            }
        }

        private void reboot() throws IOException {
            appThread.clear();
            Objects.requireNonNull(appStore).close();
            Objects.requireNonNull(phoneStore).close();
            boot();
        }

        private void boot() throws IOException {
            VirtualLoop fresh = new VirtualLoop();
            PhoneStore store = PhoneStore.open(directory, false);
            AppStore app = store.app(7);
            loop = fresh;
            phoneStore = store;
            appStore = app;
            inbox = new AppInbox(Offline.parts(fresh, store, new Problems()), app.messages(), appThread::add, this,
                    ready -> {
                    });
            inbox().start();
        }

        private AppInbox inbox() {
            return Objects.requireNonNull(inbox);
        }

        @Override
        public void close() throws IOException {
            Objects.requireNonNull(appStore).close();
            Objects.requireNonNull(phoneStore).close();
        }
    }

    /** What an assertion in the listener says comes here, as any bug of an app. */
    private static final class Problems extends VirtualPlatform.Heard {
        @Override
        public void onProblem(String what) {
            throw new AssertionError(what);
        }
    }
}
