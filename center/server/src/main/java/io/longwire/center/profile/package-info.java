/**
 * Aliases, tags and attributes of endpoints, for the API and for sends to an alias. Any thread, nothing blocks. Read
 * {@link io.longwire.center.profile.Profiles} first.
 */
@NullMarked
package io.longwire.center.profile;

import org.jspecify.annotations.NullMarked;
