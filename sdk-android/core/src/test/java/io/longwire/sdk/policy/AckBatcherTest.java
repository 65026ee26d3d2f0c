package io.longwire.sdk.policy;

import io.longwire.device.Limits;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.AckStatus;
import io.longwire.sdk.policy.AckBatcher.Answer;
import java.util.HashSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AckBatcherTest {
    private static final long EP = 77;
    private final AckBatcher acks = new AckBatcher();

    @Test
    void sendsNothingWhileNothingWasAnswered() {
        acks.received(1);
        assertThat(acks.dueAt()).isEqualTo(AckBatcher.NEVER);
        assertThat(acks.take()).isNull();
    }

    @Test
    void waitsHalfASecondForMoreAnswers() {
        stored(1, 1_000);
        stored(2, 1_300);

        assertThat(acks.dueAt()).isEqualTo(1_500);
        Ack ack = take();
        assertThat(ack.getUptoSeq()).isEqualTo(2);
        assertThat(ack.getExtraSeqList()).isEmpty();
        assertThat(ack.getEndpointAcksList()).isEmpty();
        assertThat(acks.dueAt()).isEqualTo(AckBatcher.NEVER);
    }

    @Test
    void sendsAtOnceWhenHalfTheWindowOfAnEndpointWaitsOrOneIsUrgent() {
        for (int seq = 1; seq < Limits.UNACKED_ENDPOINT / 2; seq++) {
            stored(seq, 0);
        }
        assertThat(acks.dueAt()).isEqualTo(500);
        int last = Limits.UNACKED_ENDPOINT / 2;
        stored(last, 100);
        assertThat(acks.dueAt()).isEqualTo(100);
        take();

        acks.received(last + 1);
        acks.answer(new Answer(EP, last + 1, last + 1, 0, AckStatus.ACK_STORED), true, 200);
        assertThat(acks.dueAt()).isEqualTo(200);
    }

    @Test
    void neverAcksPastAPushThatIsNotAnswered() {
        acks.received(1);
        acks.received(2);
        acks.received(3);
        answer(1, AckStatus.ACK_STORED);
        answer(3, AckStatus.ACK_STORED);

        Ack ack = take();
        assertThat(ack.getUptoSeq()).isEqualTo(1);
        assertThat(ack.getExtraSeqList()).containsExactly(3L);

        answer(2, AckStatus.ACK_STORED);
        Ack later = take();
        assertThat(later.getUptoSeq()).isEqualTo(3);
        assertThat(later.getExtraSeqList()).isEmpty();
    }

    @Test
    void namesWhatIsDeferredBeforeUptoPassesIt() {
        acks.received(1);
        acks.received(2);
        answer(1, AckStatus.ACK_DEFERRED);
        answer(2, AckStatus.ACK_STORED);

        Ack ack = take();
        assertThat(ack.getUptoSeq()).isEqualTo(2);
        assertThat(ack.getEndpointAcksCount()).isEqualTo(1);
        assertThat(ack.getEndpointAcks(0).getStatus()).isEqualTo(AckStatus.ACK_DEFERRED);
        assertThat(ack.getEndpointAcks(0).getMessageIdsList()).containsExactly(1L);
    }

    @Test
    void acksABroadcastByItsSequence() {
        acks.answer(new Answer(EP, 5, 0, 42, AckStatus.ACK_STORED), false, 0);

        Ack ack = take();
        assertThat(ack.getEndpointAcks(0).getBcastSeqsList()).containsExactly(42L);
        assertThat(ack.getEndpointAcks(0).getMessageIdsList()).isEmpty();
    }

    @Test
    void refusesAGapBecauseUptoWouldCoverWhatNeverCame() {
        assertThat(acks.received(1)).isTrue();
        assertThat(acks.received(3)).isFalse();
    }

    @Test
    void answersAResentPushByItsId() {
        stored(1, 0);
        take();
        assertThat(acks.received(1)).isTrue();
        answer(1, AckStatus.ACK_STORED);

        assertThat(take().getEndpointAcks(0).getMessageIdsList()).containsExactly(1L);
    }

    @Test
    void leavesTheRestByIdsForTheNextSocket() {
        stored(1, 0);
        var left = acks.leftovers();

        assertThat(left).hasSize(1);
        assertThat(left.get(0).seq()).isZero();
        assertThat(left.get(0).messageId()).isEqualTo(1);
        assertThat(acks.take()).isNull();
    }

    @Test
    void leavesAcksOfBroadcastsToTheNextSocketUntilAPingBehindThemIsAnswered() {
        broadcast(5, AckStatus.ACK_STORED);
        acks.pinged();
        take();
        broadcast(6, AckStatus.ACK_DEFERRED);
        broadcast(7, AckStatus.ACK_STORED);
        take();
        acks.ponged();
        acks.pinged();
        broadcast(8, AckStatus.ACK_STORED);
        take();
        broadcast(9, AckStatus.ACK_STORED);
        acks.ponged();

        assertThat(acks.leftovers()).extracting(Answer::messageId).as("8 was sent behind the ping, 9 not at all")
                .containsExactly(8L, 9L);
        assertThat(acks.leftovers()).isEmpty();
    }

    @Test
    void forgetsTheOldestOfManyAcksThatMayBeLost() {
        for (int i = 0; i < 3; i++) {
            for (long one = 1; one <= 50; one++) {
                broadcast(50L * i + one, AckStatus.ACK_STORED);
            }
            take();
        }

        assertThat(acks.leftovers()).hasSize(AckBatcher.UNSURE_MAX).first().returns(51L, Answer::messageId);
    }

    private void broadcast(long sequence, AckStatus status) {
        acks.answer(new Answer(EP, sequence, 0, sequence, status), false, 0);
    }

    @Test
    void acksEachAnsweredPushAndNoOtherInAnyOrder() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var batcher = new AckBatcher();
            Set<Long> open = new HashSet<>();
            Set<Long> answered = new HashSet<>();
            Set<Long> acked = new HashSet<>();
            long seq = 0;
            for (int step = 0; step < 100; step++) {
                if (random.nextInt(3) > 0 && open.size() < 32) {
                    batcher.received(++seq);
                    open.add(seq);
                } else if (!open.isEmpty()) {
                    long one = open.stream().skip(random.nextInt(open.size())).findFirst().orElseThrow();
                    open.remove(one);
                    answered.add(one);
                    batcher.answer(new Answer(EP, one, one, 0, AckStatus.ACK_STORED), false, step);
                }
                if (random.nextInt(5) == 0) {
                    collect(batcher.take(), acked);
                    assertThat(acked).as("seed %d", seed).isEqualTo(answered);
                }
            }
        }
    }

    private static void collect(@Nullable Ack ack, Set<Long> acked) {
        if (ack != null) {
            for (long seq = 1; seq <= ack.getUptoSeq(); seq++) {
                acked.add(seq);
            }
            acked.addAll(ack.getExtraSeqList());
        }
    }

    private void stored(long seq, long now) {
        acks.received(seq);
        acks.answer(new Answer(EP, seq, seq, 0, AckStatus.ACK_STORED), false, now);
    }

    private void answer(long seq, AckStatus status) {
        acks.answer(new Answer(EP, seq, seq, 0, status), false, 0);
    }

    private Ack take() {
        return Objects.requireNonNull(acks.take());
    }
}
