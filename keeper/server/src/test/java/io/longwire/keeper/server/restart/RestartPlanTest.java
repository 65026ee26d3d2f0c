package io.longwire.keeper.server.restart;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.keeper.cluster.Member;
import io.longwire.rpc.operate.RestartRequest;
import io.longwire.rpc.operate.RestartStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class RestartPlanTest {
    private static final RestartRequest ROOMS = RestartPlan.check(RestartRequest.newBuilder().setPart("room").setWave(1)
            .build());

    @Test
    void goesThroughAPartInWaves() {
        List<RestartStep> steps = RestartPlan.steps(ROOMS.toBuilder().setWave(2).build(), rooms(5));
        assertThat(steps).extracting(RestartStep::getProcess).containsExactly("room-1", "room-2", "room-3", "room-4",
                "room-5");
        assertThat(steps).extracting(RestartStep::getWave).containsExactly(0, 0, 1, 1, 2);
        assertThat(steps).extracting(RestartStep::getHost).containsOnly("h1", "h2");
    }

    @Test
    void leavesOneAlways() {
        assertThat(refusal(Status.Code.INVALID_ARGUMENT,
                () -> RestartPlan.steps(ROOMS.toBuilder().setWave(3).build(), rooms(3))))
                .isEqualTo("wave: 3 (expected: 1 to 2, so that one stays)");
        assertThat(refusal(Status.Code.INVALID_ARGUMENT,
                () -> RestartPlan.steps(ROOMS.toBuilder().setWave(0).build(), rooms(3)))).startsWith("wave: 0");
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> RestartPlan.steps(ROOMS, rooms(1))))
                .contains("1 run (expected: 2 to 2000");
    }

    @Test
    void wantsAllOfAPartUnderAgents() {
        Member alone = member("room-x", Map.of());
        assertThat(refusal(Status.Code.FAILED_PRECONDITION,
                () -> RestartPlan.steps(ROOMS, List.of(rooms(1).getFirst(), alone))))
                .contains("no agent started [room-x]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"keeper | 0 | 0 | part: keeper (expected: ",
            "agent | 0 | 0 | part: agent (expected: ",
            "room | 1999 | 0 | max_drain_ms: 1999 (expected: 2000 to 1800000)",
            "room | 0 | 1.5 | accept_share: 1.5 (expected: 0 to 1)", "room | 0 | NaN | accept_share: NaN (expected: "})
    void refusesWhatCannotBe(String part, int drain, double share, String told) {
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> RestartPlan.check(RestartRequest.newBuilder()
                .setPart(part).setWave(1).setMaxDrainMs(drain).setAcceptShare(share).build()))).startsWith(told);
    }

    /** Phones come in the first half: 1,000 of them at half of 400 a second take 5 s, so it takes 10, and 10 more. */
    @Test
    void drainsAsFastAsTheOthersCanTakeIt() {
        assertThat(RestartPlan.drain(ROOMS, 1_000, 400)).isEqualTo(Duration.ofSeconds(20));
        assertThat(RestartPlan.drain(ROOMS, 10, 400)).as("for the last phone").isEqualTo(Duration.ofMillis(10_100));
        assertThat(RestartPlan.drain(ROOMS, 1_000_000, 0)).as("bounded").isEqualTo(Duration.ofMinutes(10));
        assertThat(RestartPlan.drain(ROOMS, 0, 0)).as("a part without phones").isEqualTo(Duration.ofSeconds(10));
    }

    private static List<Member> rooms(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> member("instance-" + i,
                Map.of("process", (i <= count / 2 ? "h1" : "h2") + "/room-" + i))).toList();
    }

    private static Member member(String instance, Map<String, String> attributes) {
        return new Member("room", instance, 1, "127.0.0.1", "local", "127.0.0.1:1", "127.0.0.1:2", 0, false,
                attributes);
    }

    private static String refusal(Status.Code code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        Status status = catchThrowableOfType(StatusRuntimeException.class, call).getStatus();
        assertThat(status.getCode()).isEqualTo(code);
        return String.valueOf(status.getDescription());
    }
}
