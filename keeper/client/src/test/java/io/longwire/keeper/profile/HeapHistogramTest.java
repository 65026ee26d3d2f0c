package io.longwire.keeper.profile;

import io.longwire.rpc.process.HeapReply;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class HeapHistogramTest {
    private static final String TEXT = """
             num     #instances         #bytes  class name (module)
            -------------------------------------------------------
               1:         25532        2178304  [B (java.base@25)
               2:         23456         562944  java.lang.String (java.base@25)
               3:            12            384  io.longwire.Thing
            Total         49000        2741632
            """;

    @Test
    void readsClassesAndTotals() {
        HeapReply reply = HeapHistogram.read(TEXT, 2);
        assertThat(reply.getClassesCount()).isEqualTo(2);
        assertThat(reply.getClasses(1).getName()).isEqualTo("java.lang.String");
        assertThat(reply.getClasses(1).getInstances()).isEqualTo(23456);
        assertThat(reply.getClassCount()).isEqualTo(3);
        assertThat(reply.getBytes()).isEqualTo(2741632);
    }

    @Test
    void refusesALimitThatCannotBe() {
        assertThatThrownBy(() -> HeapHistogram.take(1_001)).isInstanceOf(BadRequest.class)
                .hasMessage("limit: 1001 (expected: 1 to 1000, or 0 for 100)");
    }

    @Test
    void countsWhatLives() {
        assertThat(HeapHistogram.take(5).getClassesList()).hasSize(5)
                .allSatisfy(one -> assertThat(one.getBytes()).isPositive());
    }
}
