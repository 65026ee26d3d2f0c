package io.longwire.sdk;

import com.google.protobuf.ByteString;
import io.longwire.device.FrameType;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A phone whose process is killed at any moment: what it acked was shown, and shown once. */
class KillIT {
    private static final int KILLS = 6;
    private static final int WINDOW = 8;

    /** What is pushed next. */
    private interface Source {
        Push next(long endpoint);
    }

    @TempDir
    File directory;

    @Test
    void showsEachMessageOnceAcrossKills() throws Exception {
        File shown = new File(directory, "shown");
        Files.createFile(shown.toPath());
        Random random = new Random(5);
        List<String> sent = new ArrayList<>();
        try (FakePlatform platform = new FakePlatform()) {
            lives(platform, shown, random, endpoint -> {
                Push push = platform.message(endpoint, 7, "message");
                sent.add(MessageId.text(push.getMessageId()));
                return push;
            }, () -> certain(shown).size() + doubtful(shown).size() >= sent.size());
        }
        // Each was shown; a second time at most marked, and then only one for each kill.
        List<String> certain = certain(shown);
        List<String> doubtful = doubtful(shown);
        assertThat(certain).doesNotHaveDuplicates();
        assertThat(doubtful.size()).isLessThanOrEqualTo(KILLS);
        certain.addAll(doubtful);
        assertThat(certain).containsAll(sent);
    }

    @Test
    void showsNothingOlderAndNothingRevokedAcrossKills() throws Exception {
        File shown = new File(directory, "shown");
        Files.createFile(shown.toPath());
        Random random = new Random(9);
        Map<String, String> keys = new HashMap<>();
        Set<String> revoked = new HashSet<>();
        List<Push> plain = new ArrayList<>();
        try (FakePlatform platform = new FakePlatform()) {
            lives(platform, shown, random, endpoint -> {
                Push.Builder push = platform.message(endpoint, 7, "message").toBuilder();
                int kind = random.nextInt(4);
                if (kind == 0 && !plain.isEmpty()) {
                    // Of any age: some were shown, some wait, some come again after a kill.
                    Push target = plain.remove(plain.size() - 1 - random.nextInt(Math.min(plain.size(), 12)));
                    revoked.add(MessageId.text(target.getMessageId()));
                    return push.setKind(PushKind.KIND_REVOKE).setReplaces(target.getMessageId()).clearPayload().build();
                } else if (kind == 1) {
                    String key = "key " + random.nextInt(3);
                    keys.put(MessageId.text(push.getMessageId()), key);
                    return push.setCollapseKey(ByteString.copyFromUtf8(key)).build();
                }
                plain.add(push.build());
                return push.build();
            }, () -> {
                Set<String> seen = new HashSet<>(certain(shown));
                seen.addAll(doubtful(shown));
                List<String> takenBack = certain(shown);
                takenBack.retainAll(revoked);
                return plain.stream().allMatch(one -> seen.contains(MessageId.text(one.getMessageId())))
                        && gone(shown).containsAll(takenBack);
            });
        }
        Map<String, String> newest = new HashMap<>();
        Set<String> gone = new HashSet<>();
        for (String line : Files.readAllLines(shown.toPath())) {
            if (line.startsWith("-")) {
                gone.add(line.substring(1));
                continue;
            }
            String id = line.substring(0, 13);
            assertThat(gone).as("revoked, then shown").doesNotContain(id);
            String key = keys.get(id);
            if (key != null) {
                assertThat(newest.getOrDefault(key, "")).as("of %s", key).isLessThanOrEqualTo(id);
                newest.put(key, id);
            }
        }
        assertThat(certain(shown)).doesNotHaveDuplicates();
        assertThat(revoked).hasSizeGreaterThan(20).containsAll(gone);
        assertThat(gone).as("some were shown before").isNotEmpty();
        List<String> stillThere = certain(shown);
        stillThere.retainAll(revoked);
        assertThat(gone).as("shown, then taken back").containsAll(stillThere);
    }

    // Kills the phone again and again; at last lets it drain, until it has done what was wanted.
    private void lives(FakePlatform platform, File shown, Random random, Source source, Callable<Boolean> done)
            throws Exception {
        Map<Long, Push> unacked = new TreeMap<>();
        FakeRoom room = platform.onlyRoom();
        for (int kill = 0; kill <= KILLS; kill++) {
            Process phone = start(platform, shown);
            try {
                FakeLink link = room.next();
                int until = kill == KILLS ? Integer.MAX_VALUE : 20 + random.nextInt(200);
                play(source, link, unacked, until);
                if (kill == KILLS) {
                    await().atMost(20, SECONDS).until(done);
                }
            } finally {
                phone.destroyForcibly().waitFor();
            }
        }
    }

    // Keeps the window full, resends what was not acked first; ends after so many acks without another word.
    private static void play(Source source, FakeLink link, Map<Long, Push> unacked, int acks) throws Exception {
        TreeMap<Long, Push> open = new TreeMap<>();
        for (Push again : unacked.values()) {
            open.put(link.push(again), again);
        }
        unacked.clear();
        int acked = 0;
        while (acked < acks && (acks != Integer.MAX_VALUE || !open.isEmpty())) {
            while (acks != Integer.MAX_VALUE && open.size() < WINDOW) {
                Push push = source.next(link.host);
                open.put(link.push(push.toBuilder().setAckNow(true).build()), push);
            }
            Ack ack = link.take(FrameType.ACK, Ack.parser());
            assertThat(ack.getEndpointAcksList()).isEmpty();
            int before = open.size();
            open.headMap(ack.getUptoSeq(), true).clear();
            acked += before - open.size();
        }
        for (Push left : open.values()) {
            unacked.put(left.getMessageId(), left);
        }
    }

    private Process start(FakePlatform platform, File shown) throws IOException {
        return new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-cp",
                System.getProperty("java.class.path"), "-Xmx128m", "-XX:TieredStopAtLevel=1",
                PhoneProcess.class.getName(), platform.dispatcher.url(), new File(directory, "phone").getPath(),
                shown.getPath()).redirectErrorStream(true).redirectOutput(new File(directory, "phone.out")).start();
    }

    private static List<String> certain(File shown) throws IOException {
        return lines(shown, false);
    }

    private static List<String> doubtful(File shown) throws IOException {
        return lines(shown, true);
    }

    private static Set<String> gone(File shown) throws IOException {
        Set<String> ids = new HashSet<>();
        for (String line : Files.readAllLines(shown.toPath())) {
            if (line.startsWith("-")) {
                ids.add(line.substring(1));
            }
        }
        return ids;
    }

    private static List<String> lines(File shown, boolean doubtful) throws IOException {
        List<String> ids = new ArrayList<>();
        for (String line : Files.readAllLines(shown.toPath())) {
            if (line.endsWith(" ?") == doubtful && !line.startsWith("-")) {
                ids.add(line.substring(0, 13));
            }
        }
        return ids;
    }
}
