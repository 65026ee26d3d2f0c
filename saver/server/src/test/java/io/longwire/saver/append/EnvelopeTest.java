package io.longwire.saver.append;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Push;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class EnvelopeTest {
    @Test
    void putsAnotherIdIntoAPushAndLeavesTheRest() throws Exception {
        Push push = Push.newBuilder().setEndpointId(7).setMessageId(1).setAppId(3)
                .setPayload(ByteString.copyFromUtf8("hello")).setExpireAtMs(99).build();

        Push changed = Push.parseFrom(Envelope.withId(push.toByteArray(), 2));

        assertThat(changed).isEqualTo(push.toBuilder().setMessageId(2).build());
    }
}
