package io.longwire.sdk.android.share;

// From a guest to its host: bytes of the device protocol. Only grows.
interface PushLine {
    oneway void send(in byte[] bytes);

    oneway void close();
}
