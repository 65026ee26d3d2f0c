package io.longwire.sdk.android.share;

/** Who calls, by the system's word. */
interface CallingUid {
    /** The uid of the process whose call this thread serves now. */
    int now();
}
