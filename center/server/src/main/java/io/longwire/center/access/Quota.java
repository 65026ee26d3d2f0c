package io.longwire.center.access;

/**
 * What a call was granted of its app's sends.
 *
 * @param granted messages of this call that may go
 * @param limit sends a second, here
 * @param remaining of them at this moment
 * @param resetSeconds until the limit is whole again
 * @param retryAfterMillis until one more may go; 0 = now
 */
public record Quota(int granted, long limit, long remaining, long resetSeconds, long retryAfterMillis) {
}
