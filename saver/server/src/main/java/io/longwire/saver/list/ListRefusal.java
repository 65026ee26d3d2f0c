package io.longwire.saver.list;

/** What was asked does not fit the state of the list: asking the same again does not help. Carries no stack. */
public final class ListRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ListRefusal(String message) {
        super(message, null, false, false);
    }
}
