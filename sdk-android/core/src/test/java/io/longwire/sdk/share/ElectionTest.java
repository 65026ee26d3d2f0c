package io.longwire.sdk.share;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ElectionTest {
    private static final long DAY = 24 * 3_600_000L;
    private static final Peer PLAIN = new Peer("b.plain", 1, false, 20, false, 1_000, 500);

    @Test
    void everybodyComesToTheSameResultInWhateverOrderTheyAsk() {
        List<Peer> peers = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            peers.add(new Peer("app." + i, 1 + random.nextInt(2), random.nextBoolean(), 10 * random.nextInt(4),
                    random.nextBoolean(), 1_000 + random.nextInt(2), random.nextInt(3)));
        }
        Peer first = Election.best(peers);
        for (int round = 0; round < 100; round++) {
            Collections.shuffle(peers, random);
            assertThat(Election.best(peers)).isSameAs(first);
        }
    }

    @Test
    void nobodyIsElectedWhereThereIsNobody() {
        assertThat(Election.best(Collections.emptyList())).isNull();
    }

    @Test
    void whatCountsComesInThisOrder() {
        assertBetter(new Peer("z", 2, false, 50, false, 1, 900), new Peer("a", 1, true, 5, true, 9_000, 1));
        assertBetter(new Peer("z", 1, true, 50, false, 1, 900), new Peer("a", 1, false, 5, true, 9_000, 1));
        assertBetter(new Peer("z", 1, true, 10, false, 1, 900), new Peer("a", 1, true, 20, true, 9_000, 1));
        assertBetter(new Peer("z", 1, true, 10, true, 1, 900), new Peer("a", 1, true, 10, false, 9_000, 1));
        assertBetter(new Peer("z", 1, true, 10, true, 2, 900), new Peer("a", 1, true, 10, true, 1, 1));
        assertBetter(new Peer("z", 1, true, 10, true, 2, 1), new Peer("a", 1, true, 10, true, 2, 900));
        assertBetter(new Peer("a", 1, true, 10, true, 2, 1), new Peer("z", 1, true, 10, true, 2, 1));
    }

    @Test
    void aBucketThatIsNotKnownCountsLast() {
        assertBetter(new Peer("z", 1, true, 40, true, 1, 1), new Peer("a", 1, true, 0, true, 1, 1));
    }

    @Test
    void aHostStaysForADayWhoeverIsALittleBetter() {
        Peer better = new Peer("a.better", 1, false, 10, false, 1_000, 500);
        assertThat(Election.mayReplace(PLAIN, better, DAY - 1)).isFalse();
        assertThat(Election.mayReplace(PLAIN, better, DAY)).isTrue();
        assertThat(Election.mayReplace(better, PLAIN, 7 * DAY)).isFalse();
    }

    @Test
    void aHostThatMayNotLiveGoesAtOnceForOneThatMay() {
        Peer lives = new Peer("c.lives", 1, true, 40, false, 1, 900);
        assertThat(Election.mayReplace(PLAIN, lives, 0)).isTrue();
        assertThat(Election.mayReplace(lives, PLAIN, 30 * DAY)).isFalse();
    }

    @Test
    void anOldLanguageGoesAtOnce() {
        assertThat(Election.mayReplace(PLAIN, new Peer("d", 2, false, 50, false, 1, 900), 0)).isTrue();
    }

    private static void assertBetter(Peer one, Peer other) {
        assertThat(Election.compare(one, other)).isPositive();
        assertThat(Election.compare(other, one)).isNegative();
    }
}
