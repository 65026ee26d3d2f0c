package io.longwire.center.dead;

import com.google.protobuf.ByteString;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.fakes.FakeArchive;
import io.longwire.device.PushFrames;
import io.longwire.device.id.EndpointId;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Push;
import io.longwire.rpc.center.Encryption;
import io.longwire.rpc.center.ResendDeadLetterRequest;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.DeadLetter;
import io.longwire.testkit.time.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class DeadLettersTest {
    private static final EndpointNames NAMES = new EndpointNames(new EndpointId(new byte[32]));
    private static final AppRecord APP = AppRecord.newBuilder().setAppId(3).build();
    private static final long ENDPOINT = 4711;
    private static final long DEAD = 99;

    private final List<SendRequest> sent = new ArrayList<>();
    private final FakeArchive archive = new FakeArchive(new VirtualClock());
    private final DeadLetters letters = new DeadLetters(NAMES, archive, (request, app) -> {
        sent.add(request);
        return CompletableFuture.completedFuture(SendReply.newBuilder().setMessageId(MessageId.text(100)).build());
    });

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "HPKE"})
    void isSentAgainAsSealedAsItWas(Encryption encryption) {
        ByteString payload = ByteString.copyFrom(new byte[60]);
        archive.dead.put(3, List.of(DeadLetter.newBuilder().setEndpointId(ENDPOINT).setMessageId(DEAD)
                .setEnvelope(ByteString.copyFrom(PushFrames.encode(Push.newBuilder().setEndpointId(ENDPOINT)
                        .setMessageId(DEAD).setPayload(payload).setEncValue(encryption.getNumber()).build())))
                .build()));

        letters.resend(APP, ResendDeadLetterRequest.newBuilder().setEndpoint(NAMES.text(3, ENDPOINT))
                .setMessageId(MessageId.text(DEAD)).build()).join();

        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().getPayload()).isEqualTo(payload);
        assertThat(sent.getFirst().getEncryption()).isEqualTo(encryption);
    }
}
