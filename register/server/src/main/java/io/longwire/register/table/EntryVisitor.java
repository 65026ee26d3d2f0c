package io.longwire.register.table;

/** Sees entries one after the other, under their slot's lock: short, and no call back into the table. */
@FunctionalInterface
public interface EntryVisitor {
    void visit(long endpointId, long connSeq, int roomIncarnation, long handle);
}
