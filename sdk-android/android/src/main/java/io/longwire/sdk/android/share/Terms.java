package io.longwire.sdk.android.share;

import android.os.Bundle;
import io.longwire.sdk.share.HandOver;
import io.longwire.sdk.share.Peer;

/** The words of the Bundles. New ones may be added; a reader that does not know one passes over it. */
final class Terms {
    /** The version of the language. */
    static final int VERSION = 1;

    static final String PREPARE = "prepare";
    static final String COMMIT = "commit";
    static final String ABORT = "abort";
    static final String MOVED = "moved";

    private static final String PROTOCOL = "protocol";
    private static final String LIVES = "lives";
    private static final String BUCKET = "bucket";
    private static final String CONNECTED = "connected";
    private static final String SDK = "sdk";
    private static final String INSTALLED = "installed";
    private static final String HOSTING = "hosting";
    private static final String EPOCH = "epoch";
    private static final String ENDPOINT = "endpoint";
    private static final String HELD = "held";
    private static final String STEP = "step";
    private static final String ANSWER = "answer";

    private Terms() {
    }

    /** What an app says of itself; its name is not in it, since the system tells who it is. */
    static Bundle of(Peer peer) {
        Bundle said = new Bundle();
        said.putInt(PROTOCOL, peer.protocol());
        said.putBoolean(LIVES, peer.lives());
        said.putInt(BUCKET, peer.bucket());
        said.putBoolean(CONNECTED, peer.connected());
        said.putInt(SDK, peer.sdkVersion());
        said.putLong(INSTALLED, peer.installedMillis());
        return said;
    }

    static Peer peer(String packageName, Bundle said) {
        return new Peer(packageName, said.getInt(PROTOCOL), said.getBoolean(LIVES), said.getInt(BUCKET),
                said.getBoolean(CONNECTED), said.getInt(SDK), said.getLong(INSTALLED));
    }

    static Bundle hosting(Bundle said, boolean hosting, long epoch, long endpoint, long heldMillis) {
        said.putBoolean(HOSTING, hosting);
        said.putLong(EPOCH, epoch);
        said.putLong(ENDPOINT, endpoint);
        said.putLong(HELD, heldMillis);
        return said;
    }

    static boolean isHosting(Bundle said) {
        return said.getBoolean(HOSTING);
    }

    static long epoch(Bundle said) {
        return said.getLong(EPOCH);
    }

    static long endpoint(Bundle said) {
        return said.getLong(ENDPOINT);
    }

    static long heldMillis(Bundle said) {
        return said.getLong(HELD);
    }

    static Bundle step(Bundle said, String step, long epoch) {
        said.putString(STEP, step);
        said.putLong(EPOCH, epoch);
        return said;
    }

    static String step(Bundle said) {
        return String.valueOf(said.getString(STEP));
    }

    static Bundle answer(HandOver.Answer answer) {
        Bundle said = new Bundle();
        said.putString(ANSWER, answer.name());
        return said;
    }

    static boolean isYes(Bundle said) {
        return HandOver.Answer.YES.name().equals(said.getString(ANSWER));
    }
}
