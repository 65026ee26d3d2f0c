package io.longwire.cli.product;

import io.grpc.Status;
import io.longwire.center.client.call.BackendException;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.WrongUsage;
import io.longwire.coordinator.client.consume.ConsumerOptions;
import io.longwire.coordinator.client.consume.EventConsumer;
import io.longwire.coordinator.client.consume.UplinkEvent;
import io.longwire.coordinator.client.consume.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes what phones say. */
@Command(name = "consume", mixinStandardHelpOptions = true, description = "Takes the events of a channel and prints "
        + "them, one line each, until Ctrl-C. The channel is made by the first who asks for it; each channel gets "
        + "every event of its type.")
public final class ConsumeCommand implements Runnable {
    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Option(names = "--events", paramLabel = "HOST:PORT", defaultValue = "${env:LONGWIRE_EVENTS:-}", description = ""
            + "Coordinators, with commas between (default: of --data).")
    private String events = "";

    @Option(names = "--type", required = true, description = "Of events, as the phones give it.")
    private String type = "";

    @Option(names = "--channel", defaultValue = "cli", description = "Default: ${DEFAULT-VALUE}.")
    private String channel = "cli";

    @Option(names = "--no-fin", negatable = true, description = "Finishes nothing: what was printed comes again after "
            + "its time in flight, and at last becomes a dead letter.")
    private boolean noFin;

    @Option(names = "--reply", paramLabel = "TEXT", description = "Answers every request with this text; "
            + "what only tells something gets no answer.")
    private @Nullable String reply;

    @Option(names = "--rdy", defaultValue = "100", description = "Events in flight (default: ${DEFAULT-VALUE}).")
    private int rdy;

    @Option(names = "--in-flight", paramLabel = "TIME", defaultValue = "0s",
            description = "Time that an event is in flight, 1s to 15m (default: 60s).")
    private Duration inFlight = Duration.ZERO;

    @Option(names = "--count", defaultValue = "0", description = "Ends after so many events (default: never).")
    private long count;

    /** An event as it is printed. */
    private record Line(String eventId, String type, String endpoint, long seq, Instant receivedAt, Instant keptAt,
            String body, @Nullable String text, String codec, int partition, int attempt, String replyTo) {
    }

    @Override
    public void run() {
        if (reply != null && noFin) {
            throw new WrongUsage("--reply: with --no-fin (expected: one of them)");
        }
        var enough = new CompletableFuture<Void>();
        var seen = new AtomicLong();
        var options = ConsumerOptions.of(connection.events(events), connection.productKey(), type, channel).rdy(rdy)
                .inFlight(inFlight);
        try (var consumer = EventConsumer.start(options, event -> {
            tell(event);
            if (seen.incrementAndGet() == count) {
                enough.completeAsync(() -> null, CompletableFuture.delayedExecutor(200,
                        java.util.concurrent.TimeUnit.MILLISECONDS)); // its FIN goes first
            }
            return verdict();
        })) {
            CompletableFuture.anyOf(consumer.ended(), enough).join();
        } catch (CompletionException refused) {
            throw told(Status.fromThrowable(refused));
        }
    }

    private Verdict verdict() {
        return noFin
                ? Verdict.LEAVE
                : reply == null ? Verdict.FIN : Verdict.reply(reply.getBytes(StandardCharsets.UTF_8));
    }

    private synchronized void tell(UplinkEvent event) {
        byte[] body = event.body().toByteArray();
        String text = event.codec().equals("identity") ? text(body) : null;
        var line = new Line(event.eventId(), event.type(), event.endpoint(), event.seq(), event.receivedAt(),
                event.keptAt(), Base64.getEncoder().encodeToString(body), text, event.codec(), event.partition(),
                event.attempt(), event.replyTo());
        output.print(line, () -> output.line(event.receivedAt() + "  " + event.endpoint() + "  " + event.eventId()
                + (event.attempt() == 1 ? "  " : "  attempt " + event.attempt() + "  ")
                + (event.asks() ? "asks  " : "")
                + (text == null ? line.body() : text)));
    }

    private static @Nullable String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException binary) {
            return null; // base 64 then
        }
    }

    static BackendException told(Status status) {
        int http = switch (status.getCode()) {
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case FAILED_PRECONDITION -> 409;
            case UNIMPLEMENTED -> 404;
            default -> 400;
        };
        return BackendException.of(http, status.getCode().name().toLowerCase(java.util.Locale.ROOT),
                String.valueOf(status.getDescription()), Duration.ZERO, null);
    }
}
