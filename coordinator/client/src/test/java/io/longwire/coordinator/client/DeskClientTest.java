package io.longwire.coordinator.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.longwire.keeper.rpc.Balance;
import io.longwire.keeper.rpc.BatchCall;
import io.longwire.keeper.rpc.BatchMethod;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.coordinator.AppPoll;
import io.longwire.rpc.coordinator.PollReply;
import io.longwire.rpc.coordinator.PollRequest;
import io.longwire.testkit.cluster.FakeCluster;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class DeskClientTest {
    private final FakeCluster cluster = FakeCluster.of(CoordinatorClient.PART);
    private final List<String> asked = new ArrayList<>();
    private final Set<String> away = new HashSet<>();
    private final DeskClient desk = new DeskClient(new Addresses(), cluster);

    @BeforeEach
    void threeOfThem() {
        cluster.show(CoordinatorClient.PART, FakeCluster.member(CoordinatorClient.PART, 1),
                FakeCluster.member(CoordinatorClient.PART, 2), FakeCluster.member(CoordinatorClient.PART, 3));
    }

    @Test
    void letsAllPollsOfAChannelMeetAtOneCoordinator() {
        for (int i = 0; i < 10; i++) {
            assertThat(desk.poll(poll("billing"))).isCompleted();
        }
        assertThat(Set.copyOf(asked)).hasSize(1);

        for (int i = 0; i < 50; i++) {
            assertThat(desk.poll(poll("c" + i))).isCompleted();
        }
        assertThat(Set.copyOf(asked)).as("other channels elsewhere").hasSize(3);
    }

    @Test
    void asksTheNextWhenOneIsNotReached() {
        desk.poll(poll("billing"));
        away.addAll(asked);

        assertThat(desk.poll(poll("billing"))).isCompleted();
        assertThat(asked).hasSize(3);
        assertThat(Set.copyOf(asked)).hasSize(2);

        away.addAll(List.of("10.0.0.1:7001", "10.0.0.1:7002", "10.0.0.1:7003"));
        assertThat(desk.poll(poll("billing"))).isCompletedExceptionally();
        assertThat(asked).as("each once").hasSize(6);
    }

    private static AppPoll poll(String channel) {
        return AppPoll.newBuilder().setAppId(7)
                .setPoll(PollRequest.newBuilder().setType("order").setChannel(channel).setWaitMs(1_000)).build();
    }

    /** Coordinators that answer at once, or are away. */
    private final class Addresses implements Rpc {
        @Override
        public Channel channel(String address) {
            return new Channel() {
                @Override
                public <I, O> ClientCall<I, O> newCall(MethodDescriptor<I, O> method, CallOptions options) {
                    asked.add(address);
                    return new Call<>(method, !away.contains(address));
                }

                @Override
                public String authority() {
                    return address;
                }
            };
        }

        @Override
        public <I, R> BatchCall<I, R> stream(String address, BatchMethod<I, R, ?, ?> method) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <I, R> BatchCall<I, R> anyOf(String part, BatchMethod<I, R, ?, ?> method, Balance<? super I> balance) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Channel anyChannel(String part) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class Call<I, O> extends ClientCall<I, O> {
        private final MethodDescriptor<I, O> method;
        private final boolean there;

        Call(MethodDescriptor<I, O> method, boolean there) {
            this.method = method;
            this.there = there;
        }

        @Override
        public void start(Listener<O> answer, Metadata headers) {
            if (there) {
                answer.onHeaders(new Metadata());
                answer.onMessage(method.parseResponse(PollReply.getDefaultInstance().toByteString().newInput()));
            }
            answer.onClose(there ? Status.OK : Status.UNAVAILABLE, new Metadata());
        }

        @Override
        public void request(int messages) {
            // it has all
        }

        @Override
        public void cancel(@org.jspecify.annotations.Nullable String why,
                @org.jspecify.annotations.Nullable Throwable cause) {
            // it is over
        }

        @Override
        public void halfClose() {
            // it has answered
        }

        @Override
        public void sendMessage(I message) {
            // whatever it says
        }
    }
}
