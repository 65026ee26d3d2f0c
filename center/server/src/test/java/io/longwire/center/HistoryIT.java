package io.longwire.center;

import io.longwire.device.v1.AckStatus;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.History;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.Timeline;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What an endpoint was sent, as a backend asks for it. */
class HistoryIT {
    private static final ApiFixture API = new ApiFixture();
    private static final String PATH = "/v1/endpoints/" + ApiFixture.ENDPOINT + "/history";

    @BeforeEach
    void startAnew() {
        API.reset();
        API.parts.endpoint = EndpointRecord.newBuilder().setState(EndpointRecord.State.ACTIVE).build();
        API.parts.history = History.newBuilder().addMessages(Timeline.newBuilder().setMessageId(3)
                .setState(Timeline.State.WAITING).setAcceptedMs(30).setExpireAtMs(99))
                .addMessages(Timeline.newBuilder().setMessageId(2).setState(Timeline.State.ENDED)
                        .setHow(How.CANCELLED).setCode(1).setAcceptedMs(20).setEndedMs(25))
                .addMessages(Timeline.newBuilder().setMessageId(1).setState(Timeline.State.ENDED).setHow(How.ACKED)
                        .setCode(AckStatus.ACK_DECRYPT_FAILED_VALUE).setAcceptedMs(10).setEndedMs(15).setAttempts(2))
                .build();
    }

    @AfterAll
    static void stop() {
        API.close();
    }

    @Test
    void showsTheNewestWithTheirEnds() {
        assertThat(API.get(PATH + "?limit=2").body()).isEqualTo("{\"items\":["
                + "{\"message_id\":\"0000000000003\",\"state\":\"waiting\",\"reason_code\":\"\",\"accepted_ms\":30,"
                + "\"ended_ms\":0,\"expires_ms\":99,\"attempts\":0},"
                + "{\"message_id\":\"0000000000002\",\"state\":\"revoked\",\"reason_code\":\"revoked\","
                + "\"accepted_ms\":20,\"ended_ms\":25,\"expires_ms\":0,\"attempts\":0}],"
                + "\"cursor\":\"0000000000002\"}");
    }

    @Test
    void goesOnWithTheCursor() {
        assertThat(API.get(PATH + "?cursor=0000000000002").body()).isEqualTo("{\"items\":["
                + "{\"message_id\":\"0000000000001\",\"state\":\"acked\",\"reason_code\":\"decrypt_failed\","
                + "\"accepted_ms\":10,\"ended_ms\":15,\"expires_ms\":0,\"attempts\":2}],\"cursor\":\"\"}");
    }

    @Test
    void refusesWhatIsNone() {
        assertThat(API.get(PATH + "?limit=201").body()).contains("invalid_argument", "limit: 201 (expected: 1 to 200)");
        assertThat(API.get(PATH + "?cursor=x").body()).contains("invalid_argument",
                "cursor: x (expected: 13 characters of Crockford base 32)");
        API.parts.endpoint = EndpointRecord.getDefaultInstance();
        assertThat(API.get(PATH).body()).contains("unknown_endpoint");
    }
}
