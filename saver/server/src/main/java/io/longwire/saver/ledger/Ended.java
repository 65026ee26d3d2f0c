package io.longwire.saver.ledger;

/** What became of an end. */
public enum Ended {
    /** This end counts. */
    NOW,
    /** Another end stood there first. */
    BEFORE,
    /** No such message lives for that endpoint and app. */
    NO_MESSAGE
}
