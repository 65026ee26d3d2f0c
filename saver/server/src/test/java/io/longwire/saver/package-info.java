/**
 * The saver on real stores. Read {@link io.longwire.saver.RunningSaver} first: it is what the tests start. Tests run
 * on one thread.
 */
@NullMarked
package io.longwire.saver;

import org.jspecify.annotations.NullMarked;
