package io.longwire.sdk.android.share;

import android.util.AtomicFile;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The last host epoch that this app has heard of. Touches the disk. */
public final class EpochFile {
    private final AtomicFile file;

    public EpochFile(File directory) {
        file = new AtomicFile(new File(directory, "share-epoch"));
    }

    /** 0 where nothing was kept: others know better, and tell. */
    long read() {
        try {
            byte[] bytes = file.readFully();
            return bytes.length == Long.BYTES ? ByteBuffer.wrap(bytes).getLong() : 0;
        } catch (IOException none) {
            return 0;
        }
    }

    void write(long epoch) {
        FileOutputStream out = null;
        try {
            out = file.startWrite();
            out.write(ByteBuffer.allocate(Long.BYTES).putLong(epoch).array());
            file.finishWrite(out);
        } catch (IOException full) {
            if (out != null) {
                file.failWrite(out);
            }
        }
    }
}
