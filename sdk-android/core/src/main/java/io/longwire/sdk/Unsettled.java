package io.longwire.sdk;

import io.longwire.sdk.store.UplinkLog;

/** Bounds what one app hands over faster than it can be stored: as much as the store takes. Any thread. */
final class Unsettled {
    private final Object lock = new Object();
    private int count; // lock
    private int bytes; // lock

    /** False: there is no place. */
    boolean take(int size) {
        synchronized (lock) {
            if (count == UplinkLog.COUNT || bytes + size > UplinkLog.BYTES) {
                return false;
            }
            count++;
            bytes += size;
            return true;
        }
    }

    void give(int size) {
        synchronized (lock) {
            count--;
            bytes -= size;
        }
    }
}
