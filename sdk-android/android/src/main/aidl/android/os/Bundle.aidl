// Tells aidl, which has no Android at hand, what a Bundle is.
package android.os;

parcelable Bundle;
