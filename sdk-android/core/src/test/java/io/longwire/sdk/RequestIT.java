package io.longwire.sdk;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.Feature;
import io.longwire.device.FrameType;
import io.longwire.device.v1.Reply;
import io.longwire.device.v1.UplinkReply;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.sdk.TestPhone.APP_7;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What apps ask their products, on a real socket. */
class RequestIT {
    @TempDir
    File directory;
    @AutoClose
    private final FakePlatform platform = new FakePlatform();
    private final FakeRoom room = platform.onlyRoom();

    @Test
    void bringsTheAnswerToTheCallThatWaitsAlsoOverACut() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            phone.start();
            FakeLink link = room.next();
            List<Uplink.Result> heard = new CopyOnWriteArrayList<>();
            Uplink request = app.request("price", bytes("tea?"), 60_000).whenDone(heard::add);
            var frame = link.take(FrameType.UPLINK, io.longwire.device.v1.Uplink.parser());
            assertThat(link.connect().getFeatures()).isEqualTo(Feature.ALL);
            assertThat(frame.getTimeoutMs()).isBetween(1, 60_000);
            link.send(FrameType.UPLINK_REPLY, UplinkReply.newBuilder().setReqId(frame.getReqId()).build());
            assertThat(request.result()).isNull();

            link.cut();
            FakeLink second = room.next();
            second.send(FrameType.REPLY, Reply.newBuilder().setEndpointId(link.host).setSeq(frame.getSeq() + 7)
                    .setBody(ByteString.copyFromUtf8("of another")).build());
            second.send(FrameType.REPLY, Reply.newBuilder().setEndpointId(link.host).setSeq(frame.getSeq())
                    .setBody(ByteString.copyFromUtf8("3.50")).build());

            Uplink.Result result = Objects.requireNonNull(request.await(10_000));
            assertThat(result.isReplied()).isTrue();
            assertThat(result.body()).isEqualTo(bytes("3.50"));
            await().until(() -> heard.size() == 1);
            assertThat(request).hasToString("uplink price REPLIED");
        }
    }

    @Test
    void tellsARefusalOfTheProduct() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            phone.start();
            FakeLink link = room.next();
            Uplink request = app.request("price", bytes("gold?"), 60_000);
            var frame = link.take(FrameType.UPLINK, io.longwire.device.v1.Uplink.parser());
            link.send(FrameType.REPLY, Reply.newBuilder().setEndpointId(link.host).setSeq(frame.getSeq())
                    .setCode(Code.REFUSED).setText("not for sale").build());

            Uplink.Result result = Objects.requireNonNull(request.await(10_000));
            assertThat(result.status()).isEqualTo(Uplink.Status.REFUSED);
            assertThat(result.reason()).isEqualTo("not for sale");
            assertThat(result.body()).isEmpty();
        }
    }

    @Test
    void waitsNoLongerThanItsTimeWithoutAConnectionToo() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            Uplink request = app.request("price", bytes("tea?"), 1_000);

            assertThat(Objects.requireNonNull(request.await(10_000)).status()).isEqualTo(Uplink.Status.TIMEOUT);
        }
    }

    @Test
    void saysWhatItsServerCannotDo() throws Exception {
        room.features = 0;
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            phone.start();
            FakeLink link = room.next();
            Uplink request = app.request("price", bytes("tea?"), 60_000);

            assertThat(Objects.requireNonNull(request.await(10_000)).status()).isEqualTo(Uplink.Status.UNSUPPORTED);
            assertThat(link.waiting(FrameType.UPLINK)).isZero();
        }
    }

    @Test
    void refusesWhatNoPlatformTakes() throws Exception {
        Uplink late;
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            assertThat(Objects.requireNonNull(app.request("price", new byte[16_385], 1_000).result()))
                    .hasToString("TOO_LARGE: body: 16385 bytes (expected: at most 16384)");
            assertThatThrownBy(() -> app.request("$price", bytes("x"), 1_000)).isInstanceOf(LongwireException.class);
            assertThatThrownBy(() -> app.request("price", bytes("x"), 999))
                    .hasMessage("timeoutMillis: 999 (expected: 1000 to 300000)");
            assertThatThrownBy(() -> app.request("price", bytes("x"), 300_001))
                    .isInstanceOf(LongwireException.class);
            late = app.request("price", bytes("x"), 60_000);
            phone.client.stop();
            assertThat(Objects.requireNonNull(app.request("price", bytes("x"), 1_000).result()).status())
                    .isEqualTo(Uplink.Status.STOPPED);
        }
        assertThat(Objects.requireNonNull(late.await(10_000)).status()).isEqualTo(Uplink.Status.STOPPED);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
