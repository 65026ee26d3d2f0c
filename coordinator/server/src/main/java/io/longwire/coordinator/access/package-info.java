/**
 * Who consumes: API keys with the scope {@code receive}, believed for at most 5 s. Any thread. Read {@link
 * io.longwire.coordinator.access.ApiKeys} first.
 */
@NullMarked
package io.longwire.coordinator.access;

import org.jspecify.annotations.NullMarked;
