package io.longwire.sdk.android.share;

// From the host to a guest: bytes of the device protocol, and the end. Only grows.
interface PushGuest {
    oneway void receive(in byte[] bytes);

    oneway void end(String reason);
}
