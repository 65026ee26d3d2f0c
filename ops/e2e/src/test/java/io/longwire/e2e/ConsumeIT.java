package io.longwire.e2e;

import com.google.protobuf.ByteString;
import io.longwire.cli.LongwireCli;
import io.longwire.coordinator.client.CoordinatorClient;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.rpc.coordinator.UplinkResult;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code longwire consume} against the platform, whose coordinator a room has given uplinks. */
class ConsumeIT {
    private static final long ENDPOINT = 4096L * 77 + 12;

    private final SharedPlatform shared = SharedPlatform.get();
    private final Product product = shared.app();
    private CoordinatorClient room;

    @BeforeEach
    void open() {
        room = new CoordinatorClient(shared.platform().rooms().getFirst().rpc());
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void whatARoomSentIsPrintedInItsOrderOnceForEachChannel() throws Exception {
        for (int seq = 1; seq <= 3; seq++) {
            send(seq);
        }
        send(3);

        Ran billing = run(product.apiKey(), "--channel", "billing", "--count", "3", "--json");
        assertThat(billing.code()).isZero();
        assertThat(billing.out().lines()).hasSize(3).allMatch(line -> line.contains("\"attempt\":1"))
                .satisfiesExactly(one -> assertThat(one).contains("\"text\":\"order 1\"", "\"endpoint\":\"ep_"),
                        two -> assertThat(two).contains("\"text\":\"order 2\""),
                        three -> assertThat(three).contains("\"text\":\"order 3\""));

        send(4);
        assertThat(run(product.apiKey(), "--channel", "billing", "--count", "1").out()).contains("order 4")
                .doesNotContain("order 3");
    }

    @Test
    void aKeyWithoutTheScopeIsRefusedInOneSentence() {
        Ran refused = run(product.adminKey(), "--count", "1");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).startsWith("longwire: key: ").contains("(expected: ");
    }

    private void send(long seq) throws Exception {
        UplinkResult result = room.send(UplinkItem.newBuilder().setEndpointId(ENDPOINT).setAppId(product.appId())
                .setSeq(seq).setType("order").setBody(ByteString.copyFromUtf8("order " + seq)).build())
                .get(10, TimeUnit.SECONDS);
        assertThat(result.getCode()).isEqualTo(UplinkResult.Code.KEPT);
    }

    private Ran run(String key, String... args) {
        var all = new ArrayList<>(List.of("consume", "--type", "order"));
        all.addAll(List.of(args));
        all.addAll(List.of("--events", shared.platform().events(), "--key", key));
        var out = new StringWriter();
        var writer = new PrintWriter(out, true);
        return new Ran(LongwireCli.run(writer, writer, all.toArray(String[]::new)), out.toString());
    }

    /** A command that ended: its exit code and all it printed. */
    private record Ran(int code, String out) {
    }
}
