package io.longwire.cli.product;

import io.longwire.center.client.CursorStore;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Receipt;
import io.longwire.center.client.Receipts;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Follows what becomes of messages. */
@Command(name = "receipts", mixinStandardHelpOptions = true, description = "Prints what becomes of the app's messages, "
        + "one line each, until Ctrl-C. The app needs `receipts` among its settings.")
public final class ReceiptsCommand implements Runnable {
    private static final Duration WAIT = Duration.ofSeconds(10);

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Option(names = "--cursor-file", paramLabel = "FILE",
            description = "Keeps how far it is there, and goes on from there (default: from the oldest, 7 days).")
    private @Nullable Path cursorFile;

    @Option(names = "--once", description = "Ends when there is no more for now.")
    private boolean once;

    @Override
    public void run() {
        Path file = cursorFile;
        CursorStore cursor = file == null ? CursorStore.inMemory() : CursorStore.file(file.toAbsolutePath());
        try (LongwireBackend backend = connection.asProduct()) {
            Receipts receipts = backend.receipts(cursor);
            while (true) {
                List<Receipt> page = receipts.next(once ? Duration.ZERO : WAIT);
                page.forEach(this::tell);
                receipts.commit();
                if (once && page.isEmpty()) {
                    return;
                }
            }
        }
    }

    private void tell(Receipt receipt) {
        output.print(receipt, () -> output.line(receipt.at() + "  " + receipt.messageId() + "  " + receipt.endpoint()
                + "  " + receipt.kind() + (receipt.code() == 0 ? "" : " (" + receipt.code() + ")")
                + (receipt.traceparent().isEmpty() ? "" : "  " + receipt.traceparent())));
    }
}
