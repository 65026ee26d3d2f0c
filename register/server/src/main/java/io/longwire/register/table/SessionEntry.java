package io.longwire.register.table;

/** One entry copied out of the table, reused from call to call. Belongs to the thread that made it. */
public final class SessionEntry {
    private long endpointId;
    private long connSeq;
    private int roomIncarnation;
    private long handle;

    void set(long endpoint, long meta, long roomHandle) {
        endpointId = endpoint;
        connSeq = meta >>> 16;
        roomIncarnation = (int) (meta & 0xffff);
        handle = roomHandle;
    }

    public long endpointId() {
        return endpointId;
    }

    public long connSeq() {
        return connSeq;
    }

    public int roomIncarnation() {
        return roomIncarnation;
    }

    public long handle() {
        return handle;
    }
}
