package io.longwire.sdk.android.share;

import android.os.Bundle;
import io.longwire.sdk.android.share.PushGuest;
import io.longwire.sdk.android.share.PushLine;

// What an app that shares a connection is to the others. Apps of different versions talk to each other, so this only
// grows: methods are added at the end, none is changed or taken away; what a later version has to say besides goes into
// the Bundles, whose readers pass over keys they do not know.
interface PushHost {
    // The version of this language: 1.
    int version();

    // Who are you, and who am I. An empty answer = the caller does not belong to the group.
    Bundle hello(in Bundle me);

    // Takes the caller in; null = no place, or no connection.
    PushLine open(PushGuest back, in Bundle me);

    // A step of the way to another host; the answer is HandOver's.
    Bundle handover(in Bundle step);
}
