package io.longwire.demo;

import android.app.Application;
import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import io.longwire.sdk.LongwireException;
import io.longwire.sdk.Message;
import io.longwire.sdk.MessageListener;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.android.Longwire;
import java.nio.charset.StandardCharsets;

/**
 * A sample app: one call starts the client, and what comes is shown as a notification and on the screen. All that it
 * says of itself stands in the manifest.
 */
public final class DemoApp extends Application {
    static final String CHANNEL = "messages";

    private final Board board = new Board();

    @Override
    public void onCreate() {
        super.onCreate();
        getSystemService(NotificationManager.class).createNotificationChannel(
                new NotificationChannel(CHANNEL, "Messages", NotificationManager.IMPORTANCE_DEFAULT));
        connect();
    }

    Board board() {
        return board;
    }

    /** What is wrong with the manifest is said on the screen, where another app would rather end. */
    void connect() {
        try {
            Longwire.start(this, new Incoming(), board);
        } catch (LongwireException wrong) {
            board.onProblem(String.valueOf(wrong.getMessage()));
        }
    }

    /** On the thread of the app's messages. */
    private final class Incoming implements MessageListener {
        @Override
        public Receipt onMessage(Message message) {
            String text = new String(message.payload(), StandardCharsets.UTF_8);
            Longwire.show(DemoApp.this, message, notification(text));
            board.add("message " + message.id() + ": " + text);
            return Receipt.DONE;
        }

        @Override
        public void onRevoked(String messageId) {
            Longwire.withdraw(DemoApp.this, messageId);
            board.add("message " + messageId + " was taken back");
        }

        private Notification notification(String text) {
            int icon = getApplicationInfo().icon;
            return new Notification.Builder(DemoApp.this, CHANNEL)
                    .setSmallIcon(icon == 0 ? android.R.drawable.stat_notify_chat : icon).setContentText(text)
                    .setAutoCancel(true).build();
        }
    }
}
