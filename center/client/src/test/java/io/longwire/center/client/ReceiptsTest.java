package io.longwire.center.client;

import io.longwire.center.client.call.BackendException;
import io.longwire.center.client.call.RetryPolicy;
import io.longwire.center.client.call.ScriptedCenter;
import io.longwire.rpc.center.PullReceiptsReply;
import io.longwire.rpc.center.PullReceiptsRequest;
import io.longwire.rpc.center.ReceiptInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class ReceiptsTest {
    private final ScriptedCenter center = new ScriptedCenter(RetryPolicy.DEFAULT);
    private final LongwireBackend backend = new LongwireBackend(center.calls());
    private final CursorStore store = CursorStore.inMemory();

    @AfterEach
    void close() {
        center.close();
    }

    @Test
    void keepsACursorOnlyWhenItsPageWasHandled() {
        center.then(page("c1", "shown")).then(page("c2", "clicked")).then(page("c2"));
        Receipts receipts = backend.receipts(store);

        assertThat(receipts.next(Duration.ZERO)).extracting(Receipt::kind).containsExactly("shown");
        assertThat(store.load()).isEmpty();
        assertThat(receipts.next(Duration.ZERO)).extracting(Receipt::kind).containsExactly("clicked");
        assertThat(store.load()).isEqualTo("c1");
        assertThat(receipts.next(Duration.ZERO)).isEmpty();
        assertThat(store.load()).isEqualTo("c2");
        assertThat(cursors()).containsExactly("", "c1", "c2");
    }

    @Test
    void goesOnWhereTheLastProcessStopped() {
        store.save("c7");
        center.then(page("c8", "shown"));
        Receipts receipts = backend.receipts(store);

        receipts.next(Duration.ZERO);
        receipts.commit();

        assertThat(cursors()).containsExactly("c7");
        assertThat(store.load()).isEqualTo("c8");
    }

    @Test
    void aFailureLosesNoPage() {
        center.then(page("c1", "shown")).then(ScriptedCenter.refusal(403, "forbidden", 0)).then(page("c2", "clicked"));
        Receipts receipts = backend.receipts(store);
        receipts.next(Duration.ZERO);

        var failure = catchThrowableOfType(BackendException.class, () -> receipts.next(Duration.ZERO));

        assertThat(failure.code()).isEqualTo("forbidden");
        assertThat(receipts.next(Duration.ZERO)).extracting(Receipt::kind).containsExactly("clicked");
        assertThat(cursors()).containsExactly("", "c1", "c1");
    }

    @Test
    void aFileKeepsTheCursorAsAWhole(@TempDir Path place) throws Exception {
        Path file = place.resolve("receipts.cursor");
        CursorStore kept = CursorStore.file(file);

        assertThat(kept.load()).isEmpty();
        kept.save("a-long-cursor");
        kept.save("c");

        assertThat(CursorStore.file(file).load()).isEqualTo("c");
        try (var files = Files.list(place)) {
            assertThat(files).containsExactly(file);
        }
    }

    private java.util.List<String> cursors() {
        return center.asked(PullReceiptsRequest.class).stream().map(PullReceiptsRequest::getCursor).toList();
    }

    private static PullReceiptsReply page(String cursor, String... kinds) {
        var page = PullReceiptsReply.newBuilder().setCursor(cursor);
        for (String kind : kinds) {
            page.addReceipts(ReceiptInfo.newBuilder().setKind(kind).setMessageId("0123456789ABC").setEndpoint("ep_a"));
        }
        return page.build();
    }
}
