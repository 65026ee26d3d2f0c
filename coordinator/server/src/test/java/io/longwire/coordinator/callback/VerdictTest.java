package io.longwire.coordinator.callback;

import com.google.protobuf.ByteString;
import io.longwire.coordinator.callback.Posted.Answered;
import io.longwire.coordinator.callback.Posted.Failed;
import io.longwire.coordinator.callback.Verdict.Again;
import io.longwire.coordinator.callback.Verdict.Done;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class VerdictTest {
    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void anySuccessIsDone(int status) {
        assertThat(of(status, "", "")).isEqualTo(done(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"301,REDIRECT", "307,REDIRECT", "400,REJECTED", "404,REJECTED", "408,LATER", "425,LATER", "429,LATER",
            "500,SERVER_ERROR", "503,SERVER_ERROR", "600,NOT_HTTP"})
    void anyOtherStatusIsAgain(int status, Reason reason) {
        assertThat(of(status, "", "")).isInstanceOfSatisfying(Again.class,
                again -> assertThat(again.reason()).isEqualTo(reason));
    }

    @Test
    void noAnswerIsAgain() {
        assertThat(Verdict.of(new Failed(Reason.TIMEOUT, "late"))).isEqualTo(new Again(Reason.TIMEOUT, "", "late"));
    }

    @Test
    void jsonMayNameEventsToBeSentAgain() {
        assertThat(json("{\"ok\":[1,{}],\"retry\":[{\"event_id\":\"7-1-0\",\"delay_ms\":500,\"x\":null},"
                + "{\"event_id\":\"7-2-0\"},{\"event_id\":\"7-3-0\",\"delay_ms\":99999999999}]}"))
                .isEqualTo(done(Map.of("7-1-0", 500L, "7-2-0", 0L, "7-3-0", 3_600_000L)));
        assertThat(json("{}")).isEqualTo(done(Map.of()));
        assertThat(json("{\"retry\":null}")).isEqualTo(done(Map.of()));
        assertThat(json("")).isEqualTo(done(Map.of()));
    }

    @Test
    void jsonMayAnswerRequests() {
        assertThat(json("{\"replies\":[{\"event_id\":\"7-1-0\",\"body\":\"aGk=\"},{\"event_id\":\"7-2-0\","
                + "\"refuse\":\"sold out\",\"x\":{}},{\"event_id\":\"7-3-0\"}],\"retry\":[{\"event_id\":\"7-4-0\"}]}"))
                .isEqualTo(new Done(Map.of("7-4-0", 0L),
                        List.of(new Said.Reply("7-1-0", ByteString.copyFromUtf8("hi"), ""),
                                new Said.Reply("7-2-0", ByteString.EMPTY, "sold out"),
                                new Said.Reply("7-3-0", ByteString.EMPTY, ""))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nonsense", "[]", "{", "{\"retry\":5}", "{\"retry\":[5]}", "{\"retry\":[{}]}", "{} {}",
                    "{\"retry\":[{\"event_id\":7}]}", "{\"retry\":[{\"event_id\":\"a\",\"delay_ms\":\"1\"}]}",
                    "{\"replies\":{}}", "{\"replies\":[{\"body\":\"aGk=\"}]}", "{\"replies\":[\"a\"]}",
                    "{\"replies\":[{\"event_id\":\"a\",\"body\":\"~\"}]}",
                    "{\"replies\":[{\"event_id\":\"a\",\"refuse\":7}]}"})
    void jsonThatCannotBeReadIsNoSuccess(String body) {
        assertThat(json(body)).isInstanceOfSatisfying(Again.class,
                again -> assertThat(again.reason()).isEqualTo(Reason.BAD_ANSWER));
    }

    @Test
    void otherBodiesSayNothing() {
        assertThat(of(200, "text/html", "<html>{")).isEqualTo(done(Map.of()));
    }

    private static Done done(Map<String, Long> again) {
        return new Done(again, List.of());
    }

    private static Verdict json(String body) {
        return of(200, "Application/JSON; charset=utf-8", body);
    }

    private static Verdict of(int status, String type, String body) {
        return Verdict.of(new Answered(status, type, "", "", body.getBytes(StandardCharsets.UTF_8)));
    }
}
