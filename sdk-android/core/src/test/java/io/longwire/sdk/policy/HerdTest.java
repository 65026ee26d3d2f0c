package io.longwire.sdk.policy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A room with a million phones dies, and those that are left accept so many a second: the phones' own policy brings
 * them back, event by event.
 */
class HerdTest {
    private static final int PHONES = 1_000_000;
    private static final int ACCEPTS_PER_SECOND = 40_000;
    private static final int END_MILLIS = 700_000;
    private static final int NOBODY = -1;

    private final Random random = new Random(29);
    private final ReconnectPolicy[] policies = new ReconnectPolicy[PHONES];
    private final int[] first = new int[END_MILLIS]; // of those that try in this millisecond
    private final int[] next = new int[PHONES];
    private final long[] arrivals = new long[END_MILLIS / 1_000];
    private final int[] backAt = new int[PHONES];
    private long tries;

    @Test
    void aMillionPhonesComeBackWithinOneAndAHalfTimesWhatTheRoomsNeed() {
        long window = 1_200L * PHONES / ACCEPTS_PER_SECOND;
        Arrays.fill(first, NOBODY);
        for (int phone = 0; phone < PHONES; phone++) {
            policies[phone] = new ReconnectPolicy(random);
            policies[phone].window(window);
            policies[phone].foreground(isForeground(phone));
            policies[phone].connected(-ReconnectPolicy.STABLE_MILLIS);
            tryAt(phone, policies[phone].dropped(0));
        }
        run();

        Arrays.sort(backAt);
        assertThat(backAt[PHONES * 99 / 100]).isLessThanOrEqualTo(1_500 * (PHONES / ACCEPTS_PER_SECOND));
        assertThat((double) tries / PHONES).as("tries of a phone").isLessThan(1.1);
        assertThat(Arrays.stream(arrivals).max().getAsLong()).as("the worst second")
                .isLessThan(2L * ACCEPTS_PER_SECOND);
    }

    private static boolean isForeground(int phone) {
        return phone % 100 < 3;
    }

    // The rooms admit by the millisecond and keep no queue: who comes too many is refused.
    private void run() {
        double admit = 0;
        for (int now = 0; now < END_MILLIS; now++) {
            admit = Math.min(ACCEPTS_PER_SECOND / 10.0, admit + ACCEPTS_PER_SECOND / 1_000.0);
            int phone = first[now];
            while (phone != NOBODY) {
                int following = next[phone];
                arrivals[now / 1_000]++;
                tries++;
                if (admit >= 1) {
                    admit--;
                    backAt[phone] = now;
                } else {
                    tryAt(phone, now + Math.max(1, policies[phone].failed(0)));
                }
                phone = following;
            }
        }
    }

    private void tryAt(int phone, long at) {
        int slot = (int) Math.min(at, END_MILLIS - 1);
        next[phone] = first[slot];
        first[slot] = phone;
        if (at >= END_MILLIS - 1) {
            backAt[phone] = END_MILLIS;
        }
    }
}
