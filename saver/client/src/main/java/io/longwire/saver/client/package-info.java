/**
 * What the other parts call of the saver: batched append, fetch and end, and the cold questions. Read {@link
 * io.longwire.saver.client.SaverClient} first. Thread-safe; callbacks run on gRPC threads and must not block.
 */
@NullMarked
package io.longwire.saver.client;

import org.jspecify.annotations.NullMarked;
