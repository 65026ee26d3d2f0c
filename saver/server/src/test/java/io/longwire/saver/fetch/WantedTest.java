package io.longwire.saver.fetch;

import io.longwire.rpc.saver.FetchItem;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WantedTest {
    @Test
    void skipsAWindowAndAsManyUnconfirmedEndsAsARoomNames() {
        Wanted wanted = Wanted.of(skipping(8 + 256));

        assertThat(wanted.skip()).hasSize(8 + 256);
    }

    @Test
    void takesTheFirstOfTooMany() {
        Wanted wanted = Wanted.of(skipping(300));

        assertThat(wanted.skip()).containsExactlyElementsOf(LongStream.rangeClosed(1, 264).boxed().toList());
    }

    private static FetchItem skipping(int ids) {
        return FetchItem.newBuilder().setEndpointId(5).addAllSkipIds(LongStream.rangeClosed(1, ids).boxed().toList())
                .build();
    }
}
