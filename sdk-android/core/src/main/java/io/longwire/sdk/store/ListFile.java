package io.longwire.sdk.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.sdk.store.v1.KeptShareList;
import java.io.File;
import java.io.IOException;

/**
 * The file {@code share-list}: the newest list of those who share a connection that this phone has seen, as it was
 * signed, and when a newer one was last asked for. Forced to the disk, for a phone does not go back to an older list.
 * Not for several threads at a time.
 */
public final class ListFile {
    private final StateFile file;

    /** @param directory where it lies; made before something is kept */
    public ListFile(File directory) {
        file = new StateFile(directory, "share-list", true);
    }

    /** What was kept; the default instance when there is nothing, or nothing whole, which is deleted then. */
    public KeptShareList read() throws IOException {
        byte[] content = file.read();
        try {
            return content == null ? KeptShareList.getDefaultInstance() : KeptShareList.parseFrom(content);
        } catch (InvalidProtocolBufferException broken) {
            return KeptShareList.getDefaultInstance();
        }
    }

    /** Keeps it before it returns. When this throws, what was kept before is still there. */
    public void keep(KeptShareList list) throws IOException {
        file.write(list.toByteArray());
    }
}
