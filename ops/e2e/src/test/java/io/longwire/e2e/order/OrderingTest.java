package io.longwire.e2e.order;

import io.longwire.e2e.order.SmallWorld.Fault;
import io.longwire.e2e.order.SmallWorld.Loss;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whoever makes a message visible looks up afterwards, whoever makes an endpoint reachable fetches afterwards, so that
 * the second sees the first. One message, one login, two owners of which one may die at any moment; every order.
 */
class OrderingTest {
    private static final int OWNERS = 2;

    @ParameterizedTest
    @EnumSource(Loss.class)
    void everyOrderOfSendAndLoginDeliversTheMessageOnce(Loss loss) {
        for (int firstAsked = 0; firstAsked < OWNERS; firstAsked++) {
            var orders = new Orders(firstAsked, loss, Fault.NONE);

            assertThat(orders.wrong).as("orders of %s that did not deliver exactly once", orders.runs).isEmpty();
            assertThat(orders.runs).as("different orders").isGreaterThan(20);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsTheOrderThatLosesTheMessageWhenARuleIsBroken(Fault fault) {
        var lost = new ArrayList<List<String>>();
        for (int firstAsked = 0; firstAsked < OWNERS; firstAsked++) {
            lost.addAll(new Orders(firstAsked, Loss.NOBODY, fault).wrong);
        }

        assertThat(lost).isNotEmpty();
    }

    /** All orders of one kind of world. */
    private static final class Orders {
        private final List<List<String>> wrong = new ArrayList<>();
        private final int runs;

        Orders(int firstAsked, Loss loss, Fault fault) {
            this.runs = new Interleavings<>(() -> new SmallWorld(firstAsked, loss, fault), (world, path) -> {
                if (world.delivered() != 1) {
                    wrong.add(path);
                }
                return fault == Fault.NONE || wrong.isEmpty();
            }).explore();
        }
    }
}
