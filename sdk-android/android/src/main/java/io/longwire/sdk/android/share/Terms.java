package io.longwire.sdk.android.share;

import android.os.Bundle;
import io.longwire.sdk.share.HandOver;
import io.longwire.sdk.share.Peer;
import org.jspecify.annotations.Nullable;

/**
 * The words of the Bundles. New ones may be added; a reader that does not know one passes over it. Plain values only:
 * before Android 13, one value of a class that the reader does not have makes its whole Bundle unreadable.
 */
final class Terms {
    /** The version of the language. */
    static final int VERSION = 1;

    static final String PREPARE = "prepare";
    static final String COMMIT = "commit";
    static final String ABORT = "abort";

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

    /**
     * What this version knows of what another app has said. Whatever else is in it is not even read: it may be of a
     * class that this app does not have.
     *
     * @return null = nothing, or nothing that can be read
     */
    static @Nullable Bundle known(@Nullable Bundle said) {
        if (said == null) {
            return null;
        }
        try {
            Bundle known = new Bundle();
            for (String key : new String[]{PROTOCOL, BUCKET, SDK}) {
                if (said.containsKey(key)) {
                    known.putInt(key, said.getInt(key));
                }
            }
            for (String key : new String[]{INSTALLED, EPOCH, ENDPOINT, HELD}) {
                if (said.containsKey(key)) {
                    known.putLong(key, said.getLong(key));
                }
            }
            for (String key : new String[]{LIVES, CONNECTED, HOSTING}) {
                if (said.containsKey(key)) {
                    known.putBoolean(key, said.getBoolean(key));
                }
            }
            for (String key : new String[]{STEP, ANSWER}) {
                if (said.containsKey(key)) {
                    known.putString(key, said.getString(key));
                }
            }
            return known.isEmpty() ? null : known;
        } catch (RuntimeException unreadable) {
            return null;
        }
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
