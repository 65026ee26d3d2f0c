package androidx.test.runner.lifecycle;

/** Where the application stands. */
public enum ApplicationStage {
    PRE_ON_CREATE, CREATED
}
