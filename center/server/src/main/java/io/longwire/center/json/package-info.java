/**
 * JSON as the API takes and gives it: strict reading with the place of every mistake, writing with stable field
 * names. Any thread; no state but what is known of the message types. Read {@link
 * io.longwire.center.json.JsonReader} first.
 */
@NullMarked
package io.longwire.center.json;

import org.jspecify.annotations.NullMarked;
