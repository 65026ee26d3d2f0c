package io.longwire.cli.product;

import io.longwire.center.client.DeliveryClass;
import io.longwire.center.client.Message;
import io.longwire.center.client.Priority;
import io.longwire.cli.terminal.WrongUsage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a message is and to whom; of {@code push} and {@code schedule create}. */
final class MessageOptions {
    @Parameters(arity = "1..2", paramLabel = "[ENDPOINT] TEXT",
            description = "To whom (unless --to or --alias says it), and the payload as UTF-8.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--to", paramLabel = "ENDPOINT", split = ",",
            description = "To this endpoint, ep_...; several times or with commas for several.")
    private List<String> endpoints = new ArrayList<>();

    @Option(names = "--alias", paramLabel = "USER", split = ",",
            description = "To all endpoints of this user of the app; may be several, too.")
    private List<String> aliases = new ArrayList<>();

    @Option(names = "--ttl", description = "How long it may wait, e.g. 90s, 24h, 7d (default: a day). 0s: only for who "
            + "is online now.")
    private @Nullable Duration ttl;

    @Option(names = "--priority", description = "${COMPLETION-CANDIDATES}. LOW waits for the phone's next wake-up.")
    private @Nullable Priority priority;

    @Option(names = "--low-window", description = "With LOW: how long it may wait for it, 30s to 24h (default: 10m).")
    private @Nullable Duration lowWindow;

    @Option(names = "--class", description = "${COMPLETION-CANDIDATES} (default: DURABLE).")
    private @Nullable DeliveryClass deliveryClass;

    @Option(names = "--collapse-key", paramLabel = "KEY", description = "The newest of a key replaces the unread one.")
    private String collapseKey = "";

    @Option(names = "--replace", paramLabel = "MESSAGE", description = "It stands for this earlier message.")
    private String replaces = "";

    @Option(names = "--idempotency-key", paramLabel = "KEY",
            description = "The same key with the same message is the same message, for 24 h (default: a random one).")
    private String idempotencyKey = "";

    @Option(names = "--traceparent", paramLabel = "TRACE", description = "The W3C trace context that it belongs to, "
            + "00-...; its timeline and receipts have it.")
    private String traceparent = "";

    Message message() {
        boolean named = !endpoints.isEmpty() || !aliases.isEmpty();
        if (words.size() != (named ? 1 : 2)) {
            throw new WrongUsage(named
                    ? "words: " + words + " (expected: the text alone, as --to or --alias says to whom)"
                    : "words: " + words + " (expected: ENDPOINT TEXT, or --to or --alias and TEXT)");
        }
        Message message = (named ? toNamed() : Message.to(words.getFirst()))
                .payload(words.getLast().getBytes(StandardCharsets.UTF_8));
        message = ttl == null ? message : message.ttl(ttl);
        message = priority == null ? message : message.priority(priority);
        message = lowWindow == null ? message : message.lowWindow(lowWindow);
        message = deliveryClass == null ? message : message.deliveryClass(deliveryClass);
        message = collapseKey.isEmpty() ? message : message.collapseKey(collapseKey);
        message = replaces.isEmpty() ? message : message.replacing(replaces);
        message = traceparent.isEmpty() ? message : message.traceparent(traceparent);
        return idempotencyKey.isEmpty() ? message : message.idempotencyKey(idempotencyKey);
    }

    /** The endpoint, where it is one and no user. */
    String onlyEndpoint() {
        List<String> all = endpoints.isEmpty() && aliases.isEmpty() ? List.of(words.getFirst()) : endpoints;
        if (all.size() != 1 || !aliases.isEmpty()) {
            throw new WrongUsage("--seal: to " + endpoints + " " + aliases + " (expected: to one endpoint)");
        }
        return all.getFirst();
    }

    private Message toNamed() {
        if (endpoints.size() == 1 && aliases.isEmpty()) {
            return Message.to(endpoints.getFirst());
        }
        return endpoints.isEmpty() && aliases.size() == 1
                ? Message.toAlias(aliases.getFirst())
                : Message.toMany(endpoints, aliases);
    }
}
