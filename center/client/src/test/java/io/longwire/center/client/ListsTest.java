package io.longwire.center.client;

import io.grpc.Status;
import io.longwire.center.client.AudienceList.BadLine;
import io.longwire.center.client.call.RetryPolicy;
import io.longwire.center.client.call.ScriptedCenter;
import io.longwire.rpc.center.AppendListReply;
import io.longwire.rpc.center.AppendListRequest;
import io.longwire.rpc.center.CreateListRequest;
import io.longwire.rpc.center.ListBadLine;
import io.longwire.rpc.center.ListInfo;
import io.longwire.rpc.center.ListListsReply;
import io.longwire.rpc.center.ListName;
import io.longwire.rpc.center.SealListRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ListsTest {
    private static final String ID = "000000000000G";

    private final ScriptedCenter center = new ScriptedCenter(RetryPolicy.DEFAULT);
    private final Lists lists = new LongwireBackend(center.calls()).lists();

    @AfterEach
    void close() {
        center.close();
    }

    @Test
    void isMadeOnceWhateverTheTries() {
        center.then(Status.UNAVAILABLE.asRuntimeException()).then(info("open"));

        var made = lists.create("spring", Duration.ofHours(2));
        center.passTime();

        assertThat(made.await().listId()).isEqualTo(ID);
        var asked = center.asked(CreateListRequest.class);
        assertThat(asked).hasSize(2).containsOnly(asked.get(0));
        assertThat(asked.get(0).getTtl()).isEqualTo("7200s");
        assertThat(asked.get(0).getIdempotencyKey()).hasSize(32);
    }

    @Test
    void tellsTheBadLinesOfAPart() {
        center.then(AppendListReply.newBuilder().setPart(3).setLines(2).setBad(1)
                .addBadLines(ListBadLine.newBuilder().setLine(7).setValue("x").setExpected("y")).build());

        var part = lists.append(ID, 3, 6, List.of("ep_1", "x")).await();

        assertThat(part).isEqualTo(new AudienceList.Part(3, 2, 1, List.of(new BadLine(7, "x", "y"))));
        assertThat(center.asked(AppendListRequest.class)).containsExactly(AppendListRequest.newBuilder()
                .setListId(ID).setPart(3).setFirstLine(6).addEndpoints("ep_1").addEndpoints("x").build());
    }

    @Test
    void isSealedShownListedAndDeleted() {
        center.then(info("sealed")).then(info("sealed"))
                .then(ListListsReply.newBuilder().addLists(info("sealed")).setCursor("c").build())
                .then(info("deleted"));

        assertThat(lists.seal(ID, 4, true).await().endpoints()).isEqualTo(9);
        assertThat(lists.get(ID).await().twice()).isEqualTo(1);
        assertThat(lists.list("", 10).await().items()).hasSize(1);
        assertThat(lists.delete(ID).await().state()).isEqualTo("deleted");
        assertThat(center.asked(Object.class)).startsWith(
                SealListRequest.newBuilder().setListId(ID).setParts(4).setSkipBad(true).build(),
                ListName.newBuilder().setListId(ID).build());
    }

    private static ListInfo info(String state) {
        return ListInfo.newBuilder().setListId(ID).setState(state).setEndpoints(9).setTwice(1).build();
    }
}
