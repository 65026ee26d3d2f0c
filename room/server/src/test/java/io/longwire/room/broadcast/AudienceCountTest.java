package io.longwire.room.broadcast;

import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.room.CountReply;
import io.longwire.rpc.room.CountRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AudienceCountTest {
    private final RoomRig rig = new RoomRig();

    @Test
    void fourAreCountedAtOnceAndWhatSaversDoNotAnswerIsGivenUp() {
        rig.loggedIn(5);
        rig.store.hold = true;
        CompletableFuture<CountReply> first = count();
        count();
        count();
        CompletableFuture<CountReply> fourth = count();
        assertThat(count()).isCompletedExceptionally();
        assertThat(first).isNotDone();

        rig.advance(Duration.ofSeconds(11));

        assertThat(first).isCompletedExceptionally();
        assertThat(fourth).isCompletedExceptionally();
        rig.store.hold = false;
        assertThat(count().join().getSessions()).isEqualTo(1);
    }

    private CompletableFuture<CountReply> count() {
        var answer = rig.desk.count(CountRequest.newBuilder().setRoomIncarnation(7).setAppId(RoomRig.APP)
                .setAudience(Audience.newBuilder().setTag("regular")).build());
        rig.settle();
        return answer;
    }
}
