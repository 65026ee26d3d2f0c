/**
 * Tags, attributes and aliases of endpoints. Read {@link io.longwire.saver.profile.Profiles} first. Statements block
 * cold-call threads.
 */
@NullMarked
package io.longwire.saver.profile;

import org.jspecify.annotations.NullMarked;
