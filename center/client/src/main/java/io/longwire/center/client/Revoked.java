package io.longwire.center.client;

/**
 * What a revoke found, in endpoints.
 *
 * @param pending never delivered now
 * @param sent delivered before: the SDK was told to remove it; the receipts tell whether it was in time
 * @param tooLate ended otherwise, or not known
 */
public record Revoked(String messageId, int pending, int sent, int tooLate) {
}
