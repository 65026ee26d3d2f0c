package io.longwire.bench.message;

import com.google.protobuf.ByteString;
import io.longwire.device.PushFrames;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushBatch;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class PushViewTest {
    private static final Push PUSH = Push.newBuilder().setEndpointId(0x8000_0000_0000_0421L).setMessageId(77)
            .setAppId(300).setPayload(ByteString.copyFrom(Stamp.payload(100, 9, 123_456, 987_654_321)))
            .setExpireAtMs(1_800_000_000_000L).setCollapseKey(ByteString.copyFromUtf8("k")).setBcastSeq(5).build();

    private final PushView view = new PushView();

    @Test
    void readsWhatAPushCarries() {
        byte[] body = PUSH.toBuilder().setSeq(1000).build().toByteArray();

        assertThat(view.read(ByteBuffer.wrap(body), 0, body.length)).isTrue();

        assertThat(view.seq()).isEqualTo(1000);
        assertThat(view.endpointId()).isEqualTo(PUSH.getEndpointId());
        assertThat(view.messageId()).isEqualTo(PUSH.getMessageId()).isNotZero();
        assertThat(view.appId()).isEqualTo(300);
        assertThat(view.broadcast()).isEqualTo(5);
        assertThat(view.payloadLength()).isEqualTo(100);
    }

    @Test
    void findsTheStampInThePayload() {
        var body = ByteBuffer.wrap(PushFrames.encode(PUSH));

        view.read(body, 0, body.limit());

        assertThat(Stamp.is(body, view.payloadAt(), view.payloadLength())).isTrue();
        assertThat(Stamp.run(body, view.payloadAt())).isEqualTo(9);
        assertThat(Stamp.number(body, view.payloadAt())).isEqualTo(123_456);
        assertThat(Stamp.nanos(body, view.payloadAt())).isEqualTo(987_654_321);
    }

    @Test
    void refusesACutBody() {
        byte[] body = PUSH.toByteArray();

        assertThat(view.read(ByteBuffer.wrap(body), 0, 40)).isFalse();
    }

    @Test
    void walksTheItemsOfABatch() {
        byte[] batch = PushBatch.newBuilder().addItems(PUSH.toBuilder().setSeq(1)).addItems(PUSH.toBuilder().setSeq(2))
                .build().toByteArray();
        var buffer = ByteBuffer.wrap(batch);
        int at = 0;
        int seqs = 0;

        for (int length; (length = view.item(buffer, at, batch.length)) >= 0;) {
            int from = view.at();
            at = from + length;
            assertThat(view.read(buffer, from, at)).isTrue();
            seqs = seqs * 10 + (int) view.seq();
        }

        assertThat(seqs).isEqualTo(12);
        assertThat(at).isEqualTo(batch.length);
    }
}
