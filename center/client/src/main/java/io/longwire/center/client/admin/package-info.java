/**
 * Apps, keys, quotas and the books, for operators. Thread-safe. Read {@link io.longwire.center.client.admin.Admin}
 * first.
 */
@NullMarked
package io.longwire.center.client.admin;

import org.jspecify.annotations.NullMarked;
