package io.longwire.saver.profile;

/** What became of the binding of an alias: whether the endpoint has it now, or why not. */
enum Bound {
    DONE,
    /** It had it before. */
    HAD,
    /** It has as many endpoints as it may. */
    FULL,
    /** It is banned. */
    BANNED,
    /** Another endpoint has it and keeps it. */
    TAKEN,
    /** Another endpoint bound it after this was wished. */
    LATE,
    /** Another binding of it is under way. */
    BUSY;

    boolean refused() {
        return this != DONE && this != HAD;
    }
}
