package io.longwire.saver.ledger;

/**
 * A message as the ledger keeps it.
 *
 * @param kind delivery class
 * @param expireAt unix ms
 * @param storedAt unix ms at the saver when it was handed to the ledger
 * @param body the envelope; never changed
 */
public record MessageRow(MessageKey key, int app, int kind, long expireAt, long storedAt, byte[] body) {
    public long endpoint() {
        return key.endpoint();
    }

    public long message() {
        return key.message();
    }
}
