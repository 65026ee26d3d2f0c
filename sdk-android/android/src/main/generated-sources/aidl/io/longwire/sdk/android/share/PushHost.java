/*
 * This file is auto-generated.  DO NOT MODIFY.
 */
package io.longwire.sdk.android.share;
// What an app that shares a connection is to the others. Apps of different versions talk to each other, so this only
// grows: methods are added at the end, none is changed or taken away; what a later version has to say besides goes into
// the Bundles, whose readers pass over keys they do not know.

public interface PushHost extends android.os.IInterface
{
  /** Default implementation for PushHost. */
  public static class Default implements io.longwire.sdk.android.share.PushHost
  {
    // The version of this language: 1.

    @Override public int version() throws android.os.RemoteException
    {
      return 0;
    }
    // Who are you, and who am I. An empty answer = the caller does not belong to the group.

    @Override public android.os.Bundle hello(android.os.Bundle me) throws android.os.RemoteException
    {
      return null;
    }
    // Takes the caller in; null = no place, or no connection.

    @Override public io.longwire.sdk.android.share.PushLine open(io.longwire.sdk.android.share.PushGuest back, android.os.Bundle me) throws android.os.RemoteException
    {
      return null;
    }
    // A step of the way to another host; the answer is HandOver's.

    @Override public android.os.Bundle handover(android.os.Bundle step) throws android.os.RemoteException
    {
      return null;
    }
    @Override
    public android.os.IBinder asBinder() {
      return null;
    }
  }
  /** Local-side IPC implementation stub class. */
  public static abstract class Stub extends android.os.Binder implements io.longwire.sdk.android.share.PushHost
  {
    private static final java.lang.String DESCRIPTOR = "io.longwire.sdk.android.share.PushHost";
    /** Construct the stub at attach it to the interface. */
    public Stub()
    {
      this.attachInterface(this, DESCRIPTOR);
    }
    /**
     * Cast an IBinder object into an io.longwire.sdk.android.share.PushHost interface,
     * generating a proxy if needed.
     */
    public static io.longwire.sdk.android.share.PushHost asInterface(android.os.IBinder obj)
    {
      if ((obj==null)) {
        return null;
      }
      android.os.IInterface iin = obj.queryLocalInterface(DESCRIPTOR);
      if (((iin!=null)&&(iin instanceof io.longwire.sdk.android.share.PushHost))) {
        return ((io.longwire.sdk.android.share.PushHost)iin);
      }
      return new io.longwire.sdk.android.share.PushHost.Stub.Proxy(obj);
    }
    @Override public android.os.IBinder asBinder()
    {
      return this;
    }
    @Override public boolean onTransact(int code, android.os.Parcel data, android.os.Parcel reply, int flags) throws android.os.RemoteException
    {
      java.lang.String descriptor = DESCRIPTOR;
      switch (code)
      {
        case INTERFACE_TRANSACTION:
        {
          reply.writeString(descriptor);
          return true;
        }
        case TRANSACTION_version:
        {
          data.enforceInterface(descriptor);
          int _result = this.version();
          reply.writeNoException();
          reply.writeInt(_result);
          return true;
        }
        case TRANSACTION_hello:
        {
          data.enforceInterface(descriptor);
          android.os.Bundle _arg0;
          if ((0!=data.readInt())) {
            _arg0 = android.os.Bundle.CREATOR.createFromParcel(data);
          }
          else {
            _arg0 = null;
          }
          android.os.Bundle _result = this.hello(_arg0);
          reply.writeNoException();
          if ((_result!=null)) {
            reply.writeInt(1);
            _result.writeToParcel(reply, android.os.Parcelable.PARCELABLE_WRITE_RETURN_VALUE);
          }
          else {
            reply.writeInt(0);
          }
          return true;
        }
        case TRANSACTION_open:
        {
          data.enforceInterface(descriptor);
          io.longwire.sdk.android.share.PushGuest _arg0;
          _arg0 = io.longwire.sdk.android.share.PushGuest.Stub.asInterface(data.readStrongBinder());
          android.os.Bundle _arg1;
          if ((0!=data.readInt())) {
            _arg1 = android.os.Bundle.CREATOR.createFromParcel(data);
          }
          else {
            _arg1 = null;
          }
          io.longwire.sdk.android.share.PushLine _result = this.open(_arg0, _arg1);
          reply.writeNoException();
          reply.writeStrongBinder((((_result!=null))?(_result.asBinder()):(null)));
          return true;
        }
        case TRANSACTION_handover:
        {
          data.enforceInterface(descriptor);
          android.os.Bundle _arg0;
          if ((0!=data.readInt())) {
            _arg0 = android.os.Bundle.CREATOR.createFromParcel(data);
          }
          else {
            _arg0 = null;
          }
          android.os.Bundle _result = this.handover(_arg0);
          reply.writeNoException();
          if ((_result!=null)) {
            reply.writeInt(1);
            _result.writeToParcel(reply, android.os.Parcelable.PARCELABLE_WRITE_RETURN_VALUE);
          }
          else {
            reply.writeInt(0);
          }
          return true;
        }
        default:
        {
          return super.onTransact(code, data, reply, flags);
        }
      }
    }
    private static class Proxy implements io.longwire.sdk.android.share.PushHost
    {
      private android.os.IBinder mRemote;
      Proxy(android.os.IBinder remote)
      {
        mRemote = remote;
      }
      @Override public android.os.IBinder asBinder()
      {
        return mRemote;
      }
      public java.lang.String getInterfaceDescriptor()
      {
        return DESCRIPTOR;
      }
      // The version of this language: 1.

      @Override public int version() throws android.os.RemoteException
      {
        android.os.Parcel _data = android.os.Parcel.obtain();
        android.os.Parcel _reply = android.os.Parcel.obtain();
        int _result;
        try {
          _data.writeInterfaceToken(DESCRIPTOR);
          boolean _status = mRemote.transact(Stub.TRANSACTION_version, _data, _reply, 0);
          if (!_status && getDefaultImpl() != null) {
            return getDefaultImpl().version();
          }
          _reply.readException();
          _result = _reply.readInt();
        }
        finally {
          _reply.recycle();
          _data.recycle();
        }
        return _result;
      }
      // Who are you, and who am I. An empty answer = the caller does not belong to the group.

      @Override public android.os.Bundle hello(android.os.Bundle me) throws android.os.RemoteException
      {
        android.os.Parcel _data = android.os.Parcel.obtain();
        android.os.Parcel _reply = android.os.Parcel.obtain();
        android.os.Bundle _result;
        try {
          _data.writeInterfaceToken(DESCRIPTOR);
          if ((me!=null)) {
            _data.writeInt(1);
            me.writeToParcel(_data, 0);
          }
          else {
            _data.writeInt(0);
          }
          boolean _status = mRemote.transact(Stub.TRANSACTION_hello, _data, _reply, 0);
          if (!_status && getDefaultImpl() != null) {
            return getDefaultImpl().hello(me);
          }
          _reply.readException();
          if ((0!=_reply.readInt())) {
            _result = android.os.Bundle.CREATOR.createFromParcel(_reply);
          }
          else {
            _result = null;
          }
        }
        finally {
          _reply.recycle();
          _data.recycle();
        }
        return _result;
      }
      // Takes the caller in; null = no place, or no connection.

      @Override public io.longwire.sdk.android.share.PushLine open(io.longwire.sdk.android.share.PushGuest back, android.os.Bundle me) throws android.os.RemoteException
      {
        android.os.Parcel _data = android.os.Parcel.obtain();
        android.os.Parcel _reply = android.os.Parcel.obtain();
        io.longwire.sdk.android.share.PushLine _result;
        try {
          _data.writeInterfaceToken(DESCRIPTOR);
          _data.writeStrongBinder((((back!=null))?(back.asBinder()):(null)));
          if ((me!=null)) {
            _data.writeInt(1);
            me.writeToParcel(_data, 0);
          }
          else {
            _data.writeInt(0);
          }
          boolean _status = mRemote.transact(Stub.TRANSACTION_open, _data, _reply, 0);
          if (!_status && getDefaultImpl() != null) {
            return getDefaultImpl().open(back, me);
          }
          _reply.readException();
          _result = io.longwire.sdk.android.share.PushLine.Stub.asInterface(_reply.readStrongBinder());
        }
        finally {
          _reply.recycle();
          _data.recycle();
        }
        return _result;
      }
      // A step of the way to another host; the answer is HandOver's.

      @Override public android.os.Bundle handover(android.os.Bundle step) throws android.os.RemoteException
      {
        android.os.Parcel _data = android.os.Parcel.obtain();
        android.os.Parcel _reply = android.os.Parcel.obtain();
        android.os.Bundle _result;
        try {
          _data.writeInterfaceToken(DESCRIPTOR);
          if ((step!=null)) {
            _data.writeInt(1);
            step.writeToParcel(_data, 0);
          }
          else {
            _data.writeInt(0);
          }
          boolean _status = mRemote.transact(Stub.TRANSACTION_handover, _data, _reply, 0);
          if (!_status && getDefaultImpl() != null) {
            return getDefaultImpl().handover(step);
          }
          _reply.readException();
          if ((0!=_reply.readInt())) {
            _result = android.os.Bundle.CREATOR.createFromParcel(_reply);
          }
          else {
            _result = null;
          }
        }
        finally {
          _reply.recycle();
          _data.recycle();
        }
        return _result;
      }
      public static io.longwire.sdk.android.share.PushHost sDefaultImpl;
    }
    static final int TRANSACTION_version = (android.os.IBinder.FIRST_CALL_TRANSACTION + 0);
    static final int TRANSACTION_hello = (android.os.IBinder.FIRST_CALL_TRANSACTION + 1);
    static final int TRANSACTION_open = (android.os.IBinder.FIRST_CALL_TRANSACTION + 2);
    static final int TRANSACTION_handover = (android.os.IBinder.FIRST_CALL_TRANSACTION + 3);
    public static boolean setDefaultImpl(io.longwire.sdk.android.share.PushHost impl) {
      if (Stub.Proxy.sDefaultImpl == null && impl != null) {
        Stub.Proxy.sDefaultImpl = impl;
        return true;
      }
      return false;
    }
    public static io.longwire.sdk.android.share.PushHost getDefaultImpl() {
      return Stub.Proxy.sDefaultImpl;
    }
  }
  // The version of this language: 1.

  public int version() throws android.os.RemoteException;
  // Who are you, and who am I. An empty answer = the caller does not belong to the group.

  public android.os.Bundle hello(android.os.Bundle me) throws android.os.RemoteException;
  // Takes the caller in; null = no place, or no connection.

  public io.longwire.sdk.android.share.PushLine open(io.longwire.sdk.android.share.PushGuest back, android.os.Bundle me) throws android.os.RemoteException;
  // A step of the way to another host; the answer is HandOver's.

  public android.os.Bundle handover(android.os.Bundle step) throws android.os.RemoteException;
}
