package io.longwire.center.send;

import io.longwire.rpc.room.PushResult;
import java.util.Locale;

/** Where the way of an accepted message ended, as far as center goes. In all cases the message is in its inbox. */
enum Routed {
    /** In the window of the phone's connection and handed to the socket. */
    WRITTEN,
    /** In the window already. */
    DUPLICATE,
    /** Parked, window or socket full, or the phone asleep (LOW): the room fetches when that ends. */
    DEFERRED,
    /** The app is not running: fetched when it is. */
    NOT_READY,
    /** The room sheds work: the due set delivers. */
    BUSY,
    /** Nobody is there: fetched at the next bind. */
    OFFLINE,
    /** The register named a session that its room does not have: whoever binds next fetches. */
    NOT_HERE,
    /** Nobody could say: worth another try. */
    UNKNOWN;

    static Routed of(PushResult.Code code) {
        return switch (code) {
            case WRITTEN -> WRITTEN;
            case DUPLICATE -> DUPLICATE;
            case PARKED, WINDOW_FULL, NOT_WRITABLE, HELD -> DEFERRED;
            case NOT_READY -> NOT_READY;
            case BUSY -> BUSY;
            case NOT_HERE -> NOT_HERE;
            case UNRECOGNIZED -> UNKNOWN;
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
