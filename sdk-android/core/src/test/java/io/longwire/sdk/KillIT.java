package io.longwire.sdk;

import io.longwire.device.FrameType;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Push;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A phone whose process is killed at any moment: what it acked was shown, and shown once. */
class KillIT {
    private static final int KILLS = 6;
    private static final int WINDOW = 8;

    @TempDir
    File directory;

    @Test
    void showsEachMessageOnceAcrossKills() throws Exception {
        File shown = new File(directory, "shown");
        Files.createFile(shown.toPath());
        Random random = new Random(5);
        Map<Long, Push> unacked = new TreeMap<>();
        List<String> sent = new ArrayList<>();
        try (FakePlatform platform = new FakePlatform()) {
            FakeRoom room = platform.room();
            platform.dispatcher.serve(room);
            for (int kill = 0; kill <= KILLS; kill++) {
                Process phone = start(platform, shown);
                try {
                    FakeLink link = room.next();
                    int until = kill == KILLS ? Integer.MAX_VALUE : 20 + random.nextInt(200);
                    play(platform, link, unacked, sent, until);
                    if (kill == KILLS) {
                        await().atMost(20, SECONDS).until(() -> certain(shown).size() + doubtful(shown).size() >= sent
                                .size());
                    }
                } finally {
                    phone.destroyForcibly().waitFor();
                }
            }
        }
        // Each was shown; a second time at most marked, and then only one for each kill.
        List<String> certain = certain(shown);
        List<String> doubtful = doubtful(shown);
        assertThat(certain).doesNotHaveDuplicates();
        assertThat(doubtful.size()).isLessThanOrEqualTo(KILLS);
        certain.addAll(doubtful);
        assertThat(certain).containsAll(sent);
    }

    // Keeps the window full, resends what was not acked first; ends after so many acks without another word.
    private static void play(FakePlatform platform, FakeLink link, Map<Long, Push> unacked, List<String> sent,
            int acks) throws Exception {
        TreeMap<Long, Push> open = new TreeMap<>();
        for (Push again : unacked.values()) {
            open.put(link.push(again), again);
        }
        unacked.clear();
        int acked = 0;
        while (acked < acks && (acks != Integer.MAX_VALUE || !open.isEmpty())) {
            while (acks != Integer.MAX_VALUE && open.size() < WINDOW) {
                Push push = platform.message(link.host, 7, "message");
                sent.add(MessageId.text(push.getMessageId()));
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

    private static List<String> lines(File shown, boolean doubtful) throws IOException {
        List<String> ids = new ArrayList<>();
        for (String line : Files.readAllLines(shown.toPath())) {
            if (line.endsWith(" ?") == doubtful) {
                ids.add(line.substring(0, 13));
            }
        }
        return ids;
    }
}
