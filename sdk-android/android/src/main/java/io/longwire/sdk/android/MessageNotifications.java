package io.longwire.sdk.android;

import android.app.Notification;
import android.app.NotificationManager;
import android.content.Context;
import io.longwire.device.id.InvalidIdException;
import io.longwire.device.id.MessageId;
import io.longwire.sdk.LongwireException;
import io.longwire.sdk.Message;
import org.jspecify.annotations.Nullable;

/**
 * Shows messages as notifications. Tag and number of each are made of the message's id, so a message that is shown a
 * second time, because the process ended while it was shown, takes its own place and none is seen twice; and whoever
 * knows the id can take it back. Any thread.
 */
final class MessageNotifications {
    private static final String TAG = "longwire:";

    private MessageNotifications() {
    }

    /** Shows the message, in place of the one it replaces. */
    static void show(Context context, Message message, Notification notification) {
        NotificationManager notices = notices(context);
        if (notices == null) {
            return;
        }
        String earlier = message.replaces();
        notices.notify(TAG + message.id(), idOf(message.id()), notification);
        if (earlier != null) {
            notices.cancel(TAG + earlier, idOf(earlier));
        }
    }

    /** Takes a message away: it was revoked, or read elsewhere. */
    static void cancel(Context context, String messageId) {
        NotificationManager notices = notices(context);
        if (notices != null) {
            notices.cancel(TAG + messageId, idOf(messageId));
        }
    }

    /**
     * The number of a message's notification: the same for the same id, at any time and on any phone.
     *
     * @throws LongwireException no such id can exist
     */
    static int idOf(String messageId) {
        try {
            long id = MessageId.parse(messageId);
            return (int) (id ^ (id >>> 32));
        } catch (InvalidIdException bad) {
            throw new LongwireException(String.valueOf(bad.getMessage()), bad);
        }
    }

    private static @Nullable NotificationManager notices(Context context) {
        return (NotificationManager) context.getSystemService(Context.NOTIFICATION_SERVICE);
    }
}
