package io.longwire.cli.product;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import io.longwire.coordinator.client.consume.ConsumerOptions;
import io.longwire.coordinator.client.consume.PresenceNews;
import io.longwire.coordinator.client.consume.PresenceView;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who is online. */
@Command(name = "presence", mixinStandardHelpOptions = true, description = "Prints the endpoints of an app that are "
        + "online, one line each; with --follow also what changes from then on, until Ctrl-C.")
public final class PresenceCommand implements Runnable {
    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Option(names = "--events", paramLabel = "HOST:PORT", defaultValue = "${env:LONGWIRE_EVENTS:-}", description = ""
            + "Coordinators, with commas between (default: of --data).")
    private String events = "";

    @Option(names = "--channel", defaultValue = "", description = "Of type $presence, for this command alone; it stays "
            + "(default: one that is made and taken away again).")
    private String channel = "";

    @Option(names = "--follow", description = "Goes on with what changes.")
    private boolean follow;

    private record Line(String endpoint, long connSeq, int via) {
    }

    private record Change(String kind, String endpoint, long connSeq, int via, String network) {
    }

    @Override
    public void run() {
        boolean ours = channel.isEmpty();
        String name = ours ? "cli-" + UUID.randomUUID() : channel;
        var options = ConsumerOptions.of(connection.events(events), connection.productKey(), PresenceView.TYPE, name);
        try (var view = PresenceView.start(options, this::changed)) {
            Thread forget = Thread.ofPlatform().name("forget-channel").unstarted(view::closeAndForget);
            if (ours) {
                Runtime.getRuntime().addShutdownHook(forget);
            }
            try {
                tell(view);
            } finally {
                if (ours) {
                    Runtime.getRuntime().removeShutdownHook(forget);
                }
            }
            if (ours) {
                view.closeAndForget();
            }
        } catch (CompletionException refused) {
            throw ConsumeCommand.told(Status.fromThrowable(refused));
        } catch (StatusRuntimeException refused) {
            throw ConsumeCommand.told(refused.getStatus());
        }
    }

    private void tell(PresenceView view) {
        view.ready().join();
        view.online().entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(entry -> tell(entry.getKey(), entry.getValue()));
        if (follow) {
            view.ended().join();
        }
    }

    private synchronized void tell(String endpoint, PresenceView.Online session) {
        var line = new Line(endpoint, session.connSeq(), session.via());
        output.print(line, () -> output.line(endpoint + "  online  " + session.connSeq() + "  via " + session.via()));
    }

    private synchronized void changed(PresenceNews news) {
        if (!follow) {
            return;
        }
        String kind = news.kind().name().toLowerCase(Locale.ROOT);
        var change = new Change(kind, news.endpoint(), news.connSeq(), news.via(), news.network());
        output.print(change, () -> output.line(
                (news.endpoint().isEmpty() ? "-" : news.endpoint()) + "  " + kind + "  " + news.connSeq() + "  via "
                        + news.via() + (news.network().isEmpty() ? "" : "  " + news.network())));
    }
}
