package io.longwire.sdk.share;

/** What an app of the group says of itself when it is asked. Immutable. */
public final class Peer {
    private final String packageName;
    private final int protocol;
    private final boolean lives;
    private final int bucket;
    private final boolean connected;
    private final int sdkVersion;
    private final long installedMillis;

    /**
     * @param protocol the version of the language between host and guests that it speaks
     * @param lives whether it has a right to run in the background: a service in the foreground, or an exemption
     * @param bucket how much the user uses it, as the system counts: smaller is more; 0 = not known
     * @param connected whether it holds a connection now
     * @param installedMillis when it was installed first, unix milliseconds
     */
    public Peer(String packageName, int protocol, boolean lives, int bucket, boolean connected, int sdkVersion,
            long installedMillis) {
        this.packageName = packageName;
        this.protocol = protocol;
        this.lives = lives;
        this.bucket = bucket;
        this.connected = connected;
        this.sdkVersion = sdkVersion;
        this.installedMillis = installedMillis;
    }

    public String packageName() {
        return packageName;
    }

    public int protocol() {
        return protocol;
    }

    public boolean lives() {
        return lives;
    }

    public int bucket() {
        return bucket;
    }

    public boolean connected() {
        return connected;
    }

    public int sdkVersion() {
        return sdkVersion;
    }

    public long installedMillis() {
        return installedMillis;
    }

    @Override
    public String toString() {
        return packageName + (lives ? " (lives)" : "");
    }
}
