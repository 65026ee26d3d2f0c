package io.longwire.sdk;

/** Takes the messages of one app. */
public interface MessageListener {
    /**
     * A message came. Called on a thread of this app alone, one message at a time, in the order they were stored; it
     * may take as long as it likes: other apps are not kept waiting, and of this app 64 messages at most wait here, the
     * rest on the server. Returns {@link Receipt#DONE} when the app has it.
     *
     * <p>Each message is given out once. Only when the process ended during the call, it comes again after the start,
     * with {@link Message#mayBeRepeated}. Never after its revocation, and of one collapse key never an older one after
     * a newer: see {@link Message#replaces}.
     *
     * @throws Exception a bug of the app: told to {@link ConnectionListener#onProblem}; the message counts as done
     */
    Receipt onMessage(Message message) throws Exception;

    /**
     * The product takes back a message that {@link #onMessage} was called with: it should vanish from where the user
     * sees it. Called as {@link #onMessage} is, in one order with it. Not called when the app had {@linkplain
     * LongwireApp#reportClicked reported} that the user opened the message. Comes a second time only when the process
     * ended during the call.
     *
     * @param messageId as {@link Message#id} said
     * @throws Exception a bug of the app: told to {@link ConnectionListener#onProblem}; the call is not repeated
     */
    default void onRevoked(String messageId) throws Exception {
    }
}
