package io.longwire.demo.apk;

/** The APKs cannot be made: {@code name: value (expected: rule)}. */
final class BuildFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    BuildFailure(String what) {
        super(what);
    }

    BuildFailure(String what, Throwable cause) {
        super(what, cause);
    }
}
