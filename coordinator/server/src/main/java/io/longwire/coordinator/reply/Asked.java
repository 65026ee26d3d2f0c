package io.longwire.coordinator.reply;

/**
 * A request of an app, as its token names it.
 *
 * @param seq of the uplink, which the phone knows its request by
 * @param untilMillis unix time; nobody waits for a reply any more then
 */
public record Asked(int app, long endpointId, long seq, long untilMillis) {
}
