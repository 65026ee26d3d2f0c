package io.longwire.sdk.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.sdk.store.v1.NetworksState;
import io.longwire.sdk.store.v1.PhoneState;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one phone, held by one process at a time:
 *
 * <pre>
 * lock                 held while this store is open
 * phone                resume token, addresses, what servers told
 * networks             what was learned of each network: routes, bans, heartbeat
 * share-list           who shares the connection: the newest list that was seen
 * app-7/install        the secret that makes registration repeatable; written once
 * app-7/endpoint       endpoint, credential, connection sequences
 * app-7/profile        aliases, tags, attributes the app wants and the platform has not confirmed
 * app-7/messages       the message log
 * app-7/uplinks        what the app sends and the platform has not confirmed
 * </pre>
 *
 * Belongs to the loop, once it is open.
 */
public final class PhoneStore implements AutoCloseable {
    private final File directory;
    private final boolean sync;
    private final RandomAccessFile lockFile;
    private final StateFile phoneFile;
    private final StateFile networksFile;
    private PhoneState phone;

    private PhoneStore(File directory, boolean sync, RandomAccessFile lockFile) throws IOException {
        this.directory = directory;
        this.sync = sync;
        this.lockFile = lockFile;
        this.phoneFile = new StateFile(directory, "phone", sync);
        this.phone = parse(phoneFile.read());
        this.networksFile = new StateFile(directory, "networks", false);
    }

    /**
     * Opens the directory, made where it is missing.
     *
     * @param sync whether what is written is forced to the disk: needed against power cuts, not against kills
     * @throws IOException it cannot be written, or another process has it open
     */
    public static PhoneStore open(File directory, boolean sync) throws IOException {
        make(directory);
        RandomAccessFile lockFile = new RandomAccessFile(new File(directory, "lock"), "rw");
        boolean locked = false;
        try {
            FileLock lock = tryLock(lockFile);
            locked = lock != null;
            if (!locked) {
                throw new IOException(
                        "store: " + directory + " is in use (expected: one client per directory at a time)");
            }
            return new PhoneStore(directory, sync, lockFile);
        } finally {
            if (!locked) {
                lockFile.close();
            }
        }
    }

    /** The part of one app, opened; the caller closes it. */
    public AppStore app(int appId) throws IOException {
        File own = new File(directory, "app-" + (appId & 0xFFFFFFFFL));
        make(own);
        return new AppStore(own, sync);
    }

    /** What is known of servers and addresses; the defaults when nothing is. */
    public PhoneState phone() {
        return phone;
    }

    /** Keeps the state. Only an optimisation hangs on it, so callers may go on when this throws. */
    public void keep(PhoneState state) throws IOException {
        phone = state;
        phoneFile.write(state.toByteArray());
    }

    /** What was learned of networks; nothing when there is no file, or a broken one. */
    public NetworksState networks() throws IOException {
        byte[] content = networksFile.read();
        try {
            return content == null ? NetworksState.getDefaultInstance() : NetworksState.parseFrom(content);
        } catch (InvalidProtocolBufferException broken) {
            return NetworksState.getDefaultInstance();
        }
    }

    /** Keeps it; never forced to the disk, since it can be learned again. */
    public void keep(NetworksState state) throws IOException {
        networksFile.write(state.toByteArray());
    }

    /** The file of the list of those who share the connection. */
    public ListFile listFile() {
        return new ListFile(directory);
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    static void make(File directory) throws IOException {
        if (!directory.isDirectory() && !directory.mkdirs() && !directory.isDirectory()) {
            throw new IOException("directory: " + directory + " cannot be made (expected: a writable place)");
        }
    }

    private static @Nullable FileLock tryLock(RandomAccessFile file) throws IOException {
        try {
            return file.getChannel().tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            return null;
        }
    }

    private static PhoneState parse(byte @Nullable [] content) {
        try {
            return content == null ? PhoneState.getDefaultInstance() : PhoneState.parseFrom(content);
        } catch (InvalidProtocolBufferException broken) {
            return PhoneState.getDefaultInstance();
        }
    }
}
