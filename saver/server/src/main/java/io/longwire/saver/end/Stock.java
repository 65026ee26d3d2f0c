package io.longwire.saver.end;

/** How much waits for the endpoints of an app, against its quota. Thread-safe, never blocks; soft. */
public interface Stock {
    /** One more message may be stored. */
    boolean admits(int app);

    /** A message with an envelope of so many bytes is in the ledger. */
    void stored(int app, int bytes);

    /** It has ended; 0 bytes when its size is not known any more. */
    void ended(int app, int bytes);
}
