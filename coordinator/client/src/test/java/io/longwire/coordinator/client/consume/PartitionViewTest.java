package io.longwire.coordinator.client.consume;

import com.google.protobuf.ByteString;
import io.longwire.coordinator.client.consume.PresenceView.Online;
import io.longwire.rpc.coordinator.OnlineEndpoint;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The rule for consumers. */
class PartitionViewTest {
    private final PartitionView view = new PartitionView();
    private int id = 10;

    @Test
    void aSmallerConnSeqIsIgnoredAlsoBehindAnOffline() {
        load("0-0-9");
        assertThat(event("online", "a", 5, 1)).isTrue();
        assertThat(event("offline", "a", 4, 2)).isFalse();
        assertThat(view.online()).containsEntry("a", new Online(5, 1));
        assertThat(event("moved", "a", 6, 2)).isTrue();
        assertThat(event("offline", "a", 6, 2)).isTrue();
        assertThat(event("online", "a", 5, 1)).isFalse();
        assertThat(view.online()).isEmpty();
    }

    @Test
    void aRoomThatIsGoneTakesThoseWhoseLastEventHasItsVia() {
        load("0-0-9");
        event("online", "a", 5, 1);
        event("online", "b", 5, 1);
        event("online", "c", 5, 3);
        event("moved", "b", 6, 2);

        assertThat(event("room_gone", "", 0, 1)).isTrue();

        assertThat(view.online().keySet()).containsExactlyInAnyOrder("b", "c");
        assertThat(event("online", "a", 5, 4)).as("its room is back as another incarnation").isTrue();
    }

    @Test
    void whatTheSnapshotKnewAndWhatCameBeforeSaysNothing() {
        id = 3;
        load("0-0-5", one("a", 7, 1), one("b", 3, 1), one("b", 4, 2));
        assertThat(event("offline", "a", 7, 1)).as("3").isFalse();
        assertThat(event("offline", "a", 7, 1)).as("4").isFalse();
        assertThat(event("offline", "a", 7, 1)).as("5").isFalse();
        assertThat(event("network", "a", 7, 1)).as("6 changes nothing here").isFalse();
        assertThat(view.online()).containsEntry("a", new Online(7, 1)).containsEntry("b", new Online(4, 2));
        id = 6;
        assertThat(event("offline", "a", 7, 1)).as("6 again").isFalse();
        assertThat(event("offline", "a", 7, 1)).as("7").isTrue();
    }

    @Test
    void onlyAResyncBehindTheCursorAsksForAnotherSnapshot() {
        id = 4;
        load("0-0-5");
        event("resync", "", 0, 1);
        event("resync", "", 0, 2);
        assertThat(view.loaded()).as("4 and 5").isTrue();

        event("resync", "", 0, 3);

        assertThat(view.loaded()).as("6").isFalse();
    }

    @Test
    void readsWhatItKnowsOfTheBody() {
        PresenceNews news = PresenceNews.of(uplink("ep_x",
                "{\"kind\":\"online\",\"conn_seq\":1764438414000,\"later\":\"x\",\"via\":17,\"network\":\"wifi\"}",
                "0-1-1"));

        assertThat(news).isEqualTo(
                new PresenceNews(PresenceNews.Kind.ONLINE, "ep_x", 1764438414000L, 17, "wifi", Instant.EPOCH));
        assertThat(PresenceNews.of(uplink("", "{\"kind\":\"of a later version\"}", "0-1-1")).kind())
                .isEqualTo(PresenceNews.Kind.OTHER);
    }

    private void load(String cursor, OnlineEndpoint... online) {
        view.load(List.of(online), cursor);
    }

    private static OnlineEndpoint one(String endpoint, long connSeq, int via) {
        return OnlineEndpoint.newBuilder().setEndpoint(endpoint).setConnSeq(connSeq).setVia(via).build();
    }

    private boolean event(String kind, String endpoint, long connSeq, int via) {
        String eventId = "0-0-" + id++;
        UplinkEvent event = uplink(endpoint,
                "{\"kind\":\"" + kind + "\",\"conn_seq\":" + connSeq + ",\"via\":" + via + "}", eventId);
        return view.apply(PresenceNews.of(event), eventId);
    }

    private static UplinkEvent uplink(String endpoint, String body, String eventId) {
        return new UplinkEvent(eventId, PresenceView.TYPE, endpoint, 1, Instant.EPOCH, Instant.EPOCH,
                ByteString.copyFromUtf8(body), "identity", 0, 1, 0, "");
    }
}
