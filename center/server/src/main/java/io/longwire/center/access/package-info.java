/**
 * Who calls, what the key may do, and how much: API keys, apps, quotas. Caches are bounded and believed for at
 * most 5 s. Any thread. Read {@link io.longwire.center.access.ApiKeys} first.
 */
@NullMarked
package io.longwire.center.access;

import org.jspecify.annotations.NullMarked;
