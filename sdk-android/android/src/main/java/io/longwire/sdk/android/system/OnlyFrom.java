package io.longwire.sdk.android.system;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Calls what older phones do not have: whoever calls it has asked for the version. The build looks at the rest. */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface OnlyFrom {
    /** The API level from which on it may be called. */
    int value();
}
