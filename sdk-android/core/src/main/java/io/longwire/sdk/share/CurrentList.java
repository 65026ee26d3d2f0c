package io.longwire.sdk.share;

import com.google.protobuf.ByteString;
import io.longwire.sdk.policy.ServerTime;
import io.longwire.sdk.store.ListFile;
import io.longwire.sdk.store.v1.KeptShareList;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The list that a group goes by now: the one that came with the app, or a newer one that the dispatcher gave, whichever
 * has the higher serial. The newest is kept, so that neither an older build of the app nor an older answer brings back
 * who was taken off. What it says is asked by any thread; it is renewed by the loop.
 */
public final class CurrentList {
    private final ListFile file;
    private final byte[] key;
    private final ServerTime time;
    private volatile AllowList list;
    private volatile @Nullable Runnable changed;
    private KeptShareList kept; // the loop's, once it is open
    private boolean written; // the loop's

    private CurrentList(ListFile file, byte[] key, ServerTime time, AllowList list, KeptShareList kept,
            boolean written) {
        this.file = file;
        this.key = key;
        this.time = time;
        this.list = list;
        this.kept = kept;
        this.written = written;
    }

    /**
     * Reads what was kept; a list of another key or group, or none that is whole, counts as nothing.
     *
     * @param builtIn the list that came with the app
     * @param key the operator's public key, X.509
     * @throws InvalidShareListException what came with the app is none, or not the group's; its end is not looked at
     * @throws IOException the file cannot be read
     */
    public static CurrentList open(ListFile file, byte[] builtIn, byte[] key, String group, ServerTime time)
            throws InvalidShareListException, IOException {
        AllowList own = AllowList.read(builtIn, key, group);
        KeptShareList kept = file.read();
        AllowList earlier = earlier(kept, key, group);
        if (earlier != null && earlier.serial() >= own.serial()) {
            return new CurrentList(file, key.clone(), time, earlier, kept, true);
        }
        KeptShareList fresh = kept.toBuilder().setSigned(ByteString.copyFrom(builtIn)).build();
        return new CurrentList(file, key.clone(), time, own, fresh, false);
    }

    private static @Nullable AllowList earlier(KeptShareList kept, byte[] key, String group) {
        try {
            return kept.getSigned().isEmpty() ? null : AllowList.read(kept.getSigned().toByteArray(), key, group);
        } catch (InvalidShareListException ofAnother) {
            return null;
        }
    }

    public String group() {
        return list.group();
    }

    /** That of the list in force. */
    public long serial() {
        return list.serial();
    }

    /** Whether the list's time is not over, by the platform's clock where it is known. */
    public boolean isValid() {
        return isValidIn(0);
    }

    /** Whether it will not be over so many milliseconds from now. */
    public boolean isValidIn(long millis) {
        return list.isValid(time.nowMillis() + millis);
    }

    /** As {@link AllowList#appOf}; nobody belongs once the list's time is over. */
    public int appOf(String packageName, byte[] certificate) {
        return isValid() ? list.appOf(packageName, certificate) : 0;
    }

    /** The packages of the group, whether or not its time is over. */
    public String[] packages() {
        return list.packages();
    }

    /** Has this run, by the loop, whenever another list is in force. */
    public void onChange(Runnable then) {
        changed = then;
    }

    /** On the loop: when a newer list was last asked for, unix ms; 0 = never. */
    public long askedMillis() {
        return kept.getAskedMs();
    }

    /** On the loop: a newer one was asked for, unix ms. */
    public void asked(long unixMillis) throws IOException {
        keep(kept.toBuilder().setAskedMs(unixMillis).build());
    }

    /** On the loop: has the disk know the list that came with the app, should it be the newest. */
    public void keep() throws IOException {
        if (!written) {
            keep(kept);
        }
    }

    /**
     * On the loop: goes by this list from now on, once it is on the disk. When this throws, the one before stays.
     *
     * @throws InvalidShareListException it is not the operator's, of another group, over, or no newer one
     */
    public void take(byte[] signed) throws InvalidShareListException, IOException {
        AllowList known = list;
        AllowList fresh = AllowList.read(signed, key, known.group(), time.nowMillis());
        if (fresh.serial() <= known.serial()) {
            throw new InvalidShareListException("share list: serial " + fresh.serial() + " (expected: above "
                    + known.serial() + ")", null);
        }
        keep(kept.toBuilder().setSigned(ByteString.copyFrom(signed)).build());
        list = fresh;
        Runnable then = changed;
        if (then != null) {
            then.run();
        }
    }

    private void keep(KeptShareList now) throws IOException {
        file.keep(now);
        kept = now;
        written = true;
    }
}
