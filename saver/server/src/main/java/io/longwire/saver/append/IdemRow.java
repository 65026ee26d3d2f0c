package io.longwire.saver.append;

import com.google.protobuf.ByteString;

/**
 * What stands in the table for a key.
 *
 * @param message the id in force
 * @param done the message is accepted
 * @param at unix ms of the claim
 */
record IdemRow(ByteString body, long message, boolean done, long at) {
}
