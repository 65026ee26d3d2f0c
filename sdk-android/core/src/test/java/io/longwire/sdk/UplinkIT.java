package io.longwire.sdk;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.v1.UplinkReply;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.sdk.TestPhone.APP_7;
import static io.longwire.sdk.TestPhone.APP_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What apps send to their products, on a real socket: durable once told so, and never lost with a process. */
class UplinkIT {
    private static final int KILLS = 5;

    @TempDir
    File directory;
    @AutoClose
    private final FakePlatform platform = new FakePlatform();
    private final FakeRoom room = platform.onlyRoom();

    @Test
    void saysDurableWhenTheRoomSaysSoAndNotBefore() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            phone.start();
            FakeLink link = room.next();
            List<Uplink.Result> heard = new CopyOnWriteArrayList<>();
            Uplink uplink = app.send("order.v2", bytes("tea")).whenDone(heard::add);

            var frame = take(link);
            assertThat(frame.getEndpointId()).isEqualTo(link.host);
            assertThat(frame.getTopic()).isEqualTo("order.v2");
            assertThat(frame.getBody().toStringUtf8()).isEqualTo("tea");
            assertThat(frame.getSeq()).isPositive();
            assertThat(uplink.result()).isNull();
            reply(link, frame, Code.OK);

            assertThat(Objects.requireNonNull(uplink.await(10_000)).isDurable()).isTrue();
            await().until(() -> heard.size() == 1);
            assertThat(uplink).hasToString("uplink order.v2 DURABLE");
        }
    }

    @Test
    void keepsWhatNoRoomHasConfirmedOverCutsAndRestartsUnderOneSeq() throws Exception {
        long seq;
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            Uplink early = app.send("order", bytes("sent before there was an endpoint"));
            phone.start();
            FakeLink link = room.next();
            seq = take(link).getSeq();
            link.cut();
            FakeLink second = room.next();
            assertThat(take(second).getSeq()).isEqualTo(seq);
            phone.client.stop();

            assertThat(Objects.requireNonNull(early.await(10_000)).status()).isEqualTo(Uplink.Status.KEPT);
            assertThat(Objects.requireNonNull(app.send("order", bytes("late")).result()).status())
                    .isEqualTo(Uplink.Status.REFUSED);
        }
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            phone.start();
            FakeLink third = room.next();
            var again = take(third);
            assertThat(again.getSeq()).isEqualTo(seq);
            assertThat(again.getBody().toStringUtf8()).isEqualTo("sent before there was an endpoint");
            reply(third, again, Code.OK);
            Uplink next = app.send("order", bytes("next"));
            var frame = take(third);
            assertThat(frame.getSeq()).isEqualTo(seq + 1);
            reply(third, frame, Code.OK);
            assertThat(Objects.requireNonNull(next.await(10_000)).isDurable()).isTrue();
        }
    }

    @Test
    void whatIsRefusedIsToldAndTakesNoOtherAppAlong() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp seven = phone.add(APP_7).app();
            LongwireApp eight = phone.add(APP_8).app();
            phone.start();
            FakeLink link = room.next();
            await().until(() -> seven.isOnline() && link.bound.size() >= 1);
            Uplink refused = seven.send("order", bytes("bad"));
            reply(link, take(link), Code.REFUSED);

            Uplink.Result result = Objects.requireNonNull(refused.await(10_000));
            assertThat(result.status()).isEqualTo(Uplink.Status.REFUSED);
            assertThat(result.reason()).isEqualTo("REFUSED type: x (expected: y)");
            await().until(() -> phone.problems.stream().anyMatch(one -> one.contains("uplink order: REFUSED")));
            Uplink well = (eight.isOnline() ? eight : seven).send("order", bytes("good"));
            reply(link, take(link), Code.OK);
            assertThat(Objects.requireNonNull(well.await(10_000)).isDurable()).isTrue();
        }
    }

    @Test
    void refusesAtOnceWhatNoPlatformTakesAndWhatHasNoPlace() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            assertThatThrownBy(() -> app.send("", bytes("x"))).isInstanceOf(LongwireException.class)
                    .hasMessageStartingWith("type: 0 characters (expected: 1 to 64");
            assertThatThrownBy(() -> app.send("$presence", bytes("x"))).isInstanceOf(LongwireException.class);
            assertThatThrownBy(() -> app.send("order", new byte[16_385]))
                    .hasMessage("body: 16385 bytes (expected: at most 16384)");
            assertThatThrownBy(() -> app.send("order", bytes("x"), 999)).hasMessageStartingWith("keepMillis: 999");
            for (int i = 0; i < 64; i++) {
                app.send("order", new byte[16_384]);
            }
            Uplink more = app.send("order", bytes("x"));
            assertThat(Objects.requireNonNull(more.await(10_000)).status()).isEqualTo(Uplink.Status.FULL);
        }
    }

    @Test
    void losesNoneAndNumbersNoneTwiceAcrossKills() throws Exception {
        Random random = new Random(11);
        Map<Long, String> bySeq = new TreeMap<>();
        int doubles = 0;
        for (int kill = 0; kill <= KILLS; kill++) {
            boolean last = kill == KILLS;
            Process phone = process(last ? 0 : 100_000);
            try {
                FakeLink link = room.next();
                long until = last ? Long.MAX_VALUE : 50 + random.nextInt(300);
                for (long got = 0; got < until; got++) {
                    var frame = last ? poll(link) : take(link);
                    if (frame == null) {
                        break; // nothing is left
                    }
                    String before = bySeq.put(frame.getSeq(), frame.getBody().toStringUtf8());
                    assertThat(before).as("one body for one seq").isIn(null, frame.getBody().toStringUtf8());
                    doubles += before == null ? 0 : 1;
                    if (random.nextInt(50) != 0) {
                        reply(link, frame, Code.OK);
                    } else {
                        link.send(FrameType.UPLINK_REPLY, UplinkReply.newBuilder().setReqId(frame.getReqId())
                                .setCode(Code.BUSY).setRetryAfterMs(1).build());
                    }
                }
            } finally {
                phone.destroyForcibly().waitFor();
            }
        }
        Map<String, TreeSet<Integer>> byProcess = new HashMap<>();
        for (String body : bySeq.values()) {
            String[] words = body.split(" ", -1);
            byProcess.computeIfAbsent(words[0], one -> new TreeSet<>()).add(Integer.parseInt(words[1]));
        }
        List<Long> seqs = new ArrayList<>(bySeq.keySet());
        assertThat(seqs.get(seqs.size() - 1) - seqs.get(0)).as("no gap").isEqualTo(seqs.size() - 1);
        assertThat(byProcess).hasSize(KILLS);
        byProcess.values().forEach(numbers -> assertThat(numbers.last()).isEqualTo(numbers.size() - 1));
        assertThat(doubles).as("some were sent again").isPositive();
    }

    private static io.longwire.device.v1.Uplink take(FakeLink link) throws Exception {
        return link.take(FrameType.UPLINK, io.longwire.device.v1.Uplink.parser());
    }

    // The next one, or null when none comes for three seconds.
    private static io.longwire.device.v1.@Nullable Uplink poll(FakeLink link) throws Exception {
        for (int i = 0; i < 300 && link.waiting(FrameType.UPLINK) == 0; i++) {
            if (link.ended.await(10, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        return link.waiting(FrameType.UPLINK) == 0 ? null : take(link);
    }

    private static void reply(FakeLink link, io.longwire.device.v1.Uplink to, int code) throws IOException {
        link.send(FrameType.UPLINK_REPLY, UplinkReply.newBuilder().setReqId(to.getReqId()).setCode(code)
                .setText(code == Code.OK ? "" : "type: x (expected: y)").build());
    }

    private Process process(int uplinks) throws IOException {
        return new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-cp",
                System.getProperty("java.class.path"), "-Xmx128m", "-XX:TieredStopAtLevel=1",
                PhoneProcess.class.getName(), platform.dispatcher.url(), new File(directory, "phone").getPath(),
                new File(directory, "shown").getPath(), Integer.toString(uplinks)).redirectErrorStream(true)
                .redirectOutput(new File(directory, "phone.out")).start();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
