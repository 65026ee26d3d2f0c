package io.longwire.coordinator;

import com.google.protobuf.ByteString;
import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.channel.Given;
import io.longwire.coordinator.receipt.Forwarding;
import io.longwire.coordinator.receipt.ReceiptConfig;
import io.longwire.coordinator.receipt.ReceiptFeed;
import io.longwire.coordinator.receipt.ReceiptStore;
import io.longwire.coordinator.redis.Keys;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.rpc.saver.PullReceiptsReply;
import io.longwire.rpc.saver.PullReceiptsRequest;
import io.longwire.rpc.saver.Receipt;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.testkit.stores.Stores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Receipts on their way from a ledger into streams, on a real Redis. */
final class ReceiptsIT {
    private static final int APP = 7;
    private static final int OTHER = 8;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final int redis = Stores.shared().freshRedis().port();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Ledger ledger = new Ledger();
    private Rig rig = opened(Rig.start("a", redis));

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @Test
    void bringsEachOnceInTheOrderOfItsEndpoint() throws Exception {
        ledger.add(APP, 1_200, 40);
        FakeTaker taker = taker(APP);
        forwarding();
        forwarding(); // another coordinator that thinks the app is its own
        await().atMost(LIMIT).until(() -> taker.taken.size() >= 1_200);
        ledger.add(APP, 300, 40);
        await().atMost(LIMIT).until(() -> taker.taken.size() >= 1_500);

        assertThat(taker.taken).hasSize(1_500);
        assertThat(taker.taken).extracting(given -> given.id().text()).doesNotHaveDuplicates();
        Map<Long, List<Long>> byEndpoint = new HashMap<>();
        for (Given given : taker.taken) {
            UplinkItem item = UplinkItem.parseFrom(given.value());
            byEndpoint.computeIfAbsent(item.getEndpointId(), none -> new ArrayList<>()).add(item.getSeq());
        }
        assertThat(byEndpoint).hasSize(40).allSatisfy((endpoint, seqs) -> assertThat(seqs).isSorted());
        UplinkItem first = UplinkItem.parseFrom(taker.taken.getFirst().value());
        assertThat(first.getType()).isEqualTo("$receipt");
        assertThat(first.getBody().toStringUtf8()).matches(
                "\\{\"kind\":\"shown\",\"message_id\":\"[0-9A-Z]{13}\",\"at_ms\":5000,\"code\":3}");
        assertThat(outcome("kept")).isEqualTo(1_500);
    }

    @Test
    void aCoordinatorThatDiedBeforeItNotedHowFarItWasMakesNoDoubles() throws Exception {
        ledger.add(APP, 700, 20);
        FakeTaker taker = taker(APP);
        Forwarding died = forwarding();
        await().atMost(LIMIT).until(() -> taker.taken.size() == 700 && outcome("kept") == 700 && hasCursor());
        died.close();
        Objects.requireNonNull(rig.redis.session(APP)).command(commands -> commands.del(Keys.receiptCursor(APP, APP)))
                .get(5, TimeUnit.SECONDS);

        forwarding();
        ledger.add(APP, 1, 20);
        await().atMost(LIMIT).until(() -> taker.taken.size() > 700);

        assertThat(taker.taken).hasSize(701);
        assertThat(outcome("double")).isGreaterThanOrEqualTo(700);
    }

    @Test
    void whatHasNoRoomWaitsInTheLedgerAndComesInOrder() throws Exception {
        open.removeLast().close();
        rig = opened(Rig.start("b", redis, Rig.keep(8_000, Duration.ofDays(3))));
        ledger.add(APP, 40, 1);
        FakeTaker taker = new FakeTaker(rig.channels, new ChannelName(APP, "$receipt", "billing"), Rig.MINUTE, 0)
                .attached();
        open.add(new Forwarding(new ReceiptStore(rig.redis, new ReceiptConfig(25), 8_000L * 64, rig.metrics), ledger,
                any -> true, Clock.system(), rig.metrics));
        await().atMost(LIMIT).until(() -> outcome("held") > 0);
        long before = outcome("kept");
        assertThat(before).isBetween(5L, 20L);
        assertThat(rig.send(Rig.ENDPOINT, 1, "an uplink has room")).isEqualTo(
                io.longwire.rpc.coordinator.UplinkResult.Code.KEPT);

        taker.rdy(1_000);
        await().atMost(LIMIT).until(() -> {
            taker.finAll();
            return taker.taken.size() >= 40;
        });

        assertThat(taker.taken).hasSize(40);
        var seqs = new ArrayList<Long>();
        for (Given given : taker.taken) {
            seqs.add(UplinkItem.parseFrom(given.value()).getSeq());
        }
        assertThat(seqs).isSorted();
    }

    @Test
    void nothingIsReadForAnAppWithoutAChannel() throws Exception {
        ledger.add(APP, 10, 1);
        ledger.add(OTHER, 10, 1);
        FakeTaker taker = taker(OTHER);
        forwarding();

        await().atMost(LIMIT).until(() -> taker.taken.size() == 10);

        assertThat(ledger.asked).isNotEmpty().doesNotContain(APP);
    }

    private FakeTaker taker(int app) throws Exception {
        return new FakeTaker(rig.channels, new ChannelName(app, "$receipt", "billing"), Rig.MINUTE, 10_000).attached();
    }

    private Forwarding forwarding() {
        return opened(new Forwarding(new ReceiptStore(rig.redis, new ReceiptConfig(25), 64L << 20, rig.metrics), ledger,
                any -> true, Clock.system(), rig.metrics));
    }

    private boolean hasCursor() throws Exception {
        return Objects.requireNonNull(rig.redis.session(APP))
                .<Long>command(commands -> commands.exists(Keys.receiptCursor(APP, APP))).get(5, TimeUnit.SECONDS) == 1;
    }

    private long outcome(String outcome) {
        return rig.metrics.counter(CoordinatorMetric.RECEIPTS, "outcome", outcome).count();
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(one);
        return one;
    }

    /** A ledger of one shard: a receipt's number is its place, a cursor the number of the last one read. */
    private static final class Ledger implements ReceiptFeed {
        final List<Integer> asked = new CopyOnWriteArrayList<>();
        private final List<Receipt> all = new ArrayList<>(); // guarded by this
        private final List<Integer> apps = new ArrayList<>(); // guarded by this

        synchronized void add(int app, int count, int endpoints) {
            for (int i = 0; i < count; i++) {
                apps.add(app);
                all.add(Receipt.newBuilder().setKind(ReceiptKind.SHOWN).setEndpointId(4096L * 7 + 97L * (i % endpoints))
                        .setMessageId(1_000 + all.size()).setAtMs(5_000).setCode(3).setSeq(all.size() + 1).build());
            }
        }

        @Override
        public synchronized CompletableFuture<PullReceiptsReply> pull(PullReceiptsRequest request) {
            asked.add(request.getAppId());
            int at = request.getCursor().isEmpty() ? 0 : Integer.parseInt(request.getCursor().toStringUtf8());
            var page = PullReceiptsReply.newBuilder();
            while (at < all.size() && page.getReceiptsCount() < request.getLimit()) {
                if (apps.get(at) == request.getAppId()) {
                    page.addReceipts(all.get(at));
                }
                at++;
            }
            return CompletableFuture.completedFuture(page.setMore(at < all.size())
                    .setCursor(ByteString.copyFromUtf8(Integer.toString(at))).build());
        }
    }
}
