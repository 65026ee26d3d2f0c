package io.longwire.room.accept;

/** Why a connection was not let in, or is told to come later. */
public enum Refusal {
    /** By an access rule. */
    DENIED,
    /** Its network is banned. */
    BANNED,
    /** Too many of its address have not logged in. */
    OPEN_ADDRESS,
    /** Too many of its subnet have not logged in. */
    OPEN_SUBNET,
    /** Its address connects too often. */
    RATE_ADDRESS,
    /** Its subnet connects too often. */
    RATE_SUBNET,
    /** The room has as many connections as it may have. */
    FULL,
    /** The room takes no more a second just now: told BUSY where it can read it. */
    RATE,
    /** A PROXY header that is missing, broken, or from nobody listed. */
    PROXY
}
