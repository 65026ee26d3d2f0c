/**
 * The whole life of a message, option by option: asked for over REST, seen by a phone with the real SDK. One class for
 * each group of features, all on the JVM's shared platform, each test with an app of its own. Surefire's thread. Read
 * {@link io.longwire.e2e.life.Scene} first.
 */
@NullMarked
package io.longwire.e2e.life;

import org.jspecify.annotations.NullMarked;
