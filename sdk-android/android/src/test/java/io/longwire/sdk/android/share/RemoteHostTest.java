package io.longwire.sdk.android.share;

import android.os.Binder;
import android.os.Bundle;
import android.os.IBinder;
import android.os.RemoteException;
import io.longwire.sdk.share.Lodging;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** Who has got hold of a guest's binder says nothing on its line, but for the host's own process. */
@RunWith(RobolectricTestRunner.class)
public class RemoteHostTest {
    private static final int HOST_UID = 10_101;
    private static final int MEMBER_UID = 10_103;
    private static final int EVIL_UID = 10_666;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Host host = new Host();

    /** A host that takes everybody in, and says nothing by itself. */
    private static final class Host extends PushHost.Stub {
        private @Nullable PushGuest guest;

        @Override
        public int version() {
            return 1;
        }

        @Override
        public Bundle hello(Bundle me) {
            return new Bundle();
        }

        @Override
        public PushLine open(PushGuest back, Bundle me) {
            guest = back;
            return new PushLine.Default() {
                @Override
                public IBinder asBinder() {
                    return new Binder();
                }
            };
        }

        @Override
        public Bundle handover(Bundle step) {
            return new Bundle();
        }

        /** The guest, as another process that has its binder sees it. */
        PushGuest seenBy(int uid) {
            PushGuest known = guest;
            assertThat(known).as("the line was opened").isNotNull();
            return PushGuest.Stub.asInterface(new Remote(known.asBinder(), uid));
        }
    }

    @Before
    public void open() {
        assertThat(new RemoteHost(host, HOST_UID, 7, false, Runnable::run, Remote::calling).open(new Lodging.Back() {
            @Override
            public void onBytes(byte[] bytes) {
                heard.add("bytes " + bytes.length);
            }

            @Override
            public void onEnd(String reason) {
                heard.add("end " + reason);
            }
        })).isNotNull();
    }

    @Test
    public void theHostIsHeard() throws RemoteException {
        host.seenBy(HOST_UID).receive(new byte[3]);
        host.seenBy(HOST_UID).end("moved");
        assertThat(heard).containsExactly("bytes 3", "end moved");
    }

    @Test
    public void aStrangerSaysNothingOnAGuestsLine() throws RemoteException {
        host.seenBy(EVIL_UID).receive(new byte[3]);
        assertThat(heard).isEmpty();
    }

    @Test
    public void aStrangerDoesNotEndAGuestsLine() throws RemoteException {
        host.seenBy(EVIL_UID).end("moved");
        assertThat(heard).isEmpty();
    }

    @Test
    public void anotherMemberSaysNothingOnAGuestsLine() throws RemoteException {
        host.seenBy(MEMBER_UID).receive(new byte[3]);
        assertThat(heard).isEmpty();
    }

    @Test
    public void anotherMemberDoesNotEndAGuestsLine() throws RemoteException {
        host.seenBy(MEMBER_UID).end("moved");
        assertThat(heard).isEmpty();
    }

    @Test
    public void theHostIsHeardAfterOthersHaveTried() throws RemoteException {
        for (int uid : new int[]{EVIL_UID, MEMBER_UID, 0}) {
            host.seenBy(uid).receive(new byte[3]);
            host.seenBy(uid).end("moved");
        }
        host.seenBy(HOST_UID).receive(new byte[5]);
        assertThat(heard).containsExactly("bytes 5");
    }
}
