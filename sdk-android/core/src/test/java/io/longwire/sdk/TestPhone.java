package io.longwire.sdk;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A client of the fakes that remembers what it was told. */
final class TestPhone implements AutoCloseable {
    static final String APP_7 = "ak_7_000102030405060708090a0b0c0d0e0f";
    static final String APP_8 = "ak_8_000102030405060708090a0b0c0d0e0f";

    final List<ConnectionStatus> statuses = new CopyOnWriteArrayList<>();
    final List<String> problems = new CopyOnWriteArrayList<>();
    final List<String> kicks = new CopyOnWriteArrayList<>();
    final LongwireClient client;

    TestPhone(FakeDispatcher dispatcher, File directory) {
        this(dispatcher, directory, same -> same);
    }

    TestPhone(FakeDispatcher dispatcher, File directory, UnaryOperator<LongwireClientBuilder> more) {
        client = more.apply(LongwireClient.builder(directory).dispatcher(dispatcher.url()).foreground(true).sync(false)
                .askAgainAfterMillis(100).listener(new ConnectionListener() {
                    @Override
                    public void onStatus(ConnectionStatus status) {
                        statuses.add(status);
                    }

                    @Override
                    public void onKicked(LongwireApp app, String code, String reason, long retryAfterMillis) {
                        kicks.add(app.appId() + " " + code + " " + reason + " " + retryAfterMillis);
                    }

                    @Override
                    public void onProblem(String what) {
                        problems.add(what);
                    }
                })).build();
    }

    /** An app that remembers its messages. */
    Shown add(String appKey) {
        Shown shown = new Shown();
        shown.app = client.addApp(appKey, shown);
        return shown;
    }

    TestPhone start() {
        client.start();
        return this;
    }

    ConnectionStatus status() {
        return statuses.isEmpty()
                ? new ConnectionStatus(ConnectionStatus.State.STOPPED, "", "", false, 0)
                : statuses.get(statuses.size() - 1);
    }

    boolean isOnlineAt(FakeRoom room) {
        return status().state() == ConnectionStatus.State.ONLINE && status().room().equals(room.address());
    }

    @Override
    public void close() {
        client.stop();
    }

    /** What one app was shown. */
    static final class Shown implements MessageListener {
        final List<Message> messages = new CopyOnWriteArrayList<>();
        final List<String> revoked = new CopyOnWriteArrayList<>();
        @Nullable
        LongwireApp app;

        LongwireApp app() {
            return Objects.requireNonNull(app);
        }

        @Override
        public Receipt onMessage(Message message) {
            messages.add(message);
            return Receipt.DONE;
        }

        @Override
        public void onRevoked(String messageId) {
            revoked.add(messageId);
        }

        List<String> texts() {
            return messages.stream().map(one -> new String(one.payload(), StandardCharsets.UTF_8))
                    .toList();
        }
    }
}
