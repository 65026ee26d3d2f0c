/*
 * This file is auto-generated.  DO NOT MODIFY.
 */
package io.longwire.sdk.android.share;
// From the host to a guest: bytes of the device protocol, and the end. Only grows.

public interface PushGuest extends android.os.IInterface
{
  /** Default implementation for PushGuest. */
  public static class Default implements io.longwire.sdk.android.share.PushGuest
  {
    @Override public void receive(byte[] bytes) throws android.os.RemoteException
    {
    }
    @Override public void end(java.lang.String reason) throws android.os.RemoteException
    {
    }
    @Override
    public android.os.IBinder asBinder() {
      return null;
    }
  }
  /** Local-side IPC implementation stub class. */
  public static abstract class Stub extends android.os.Binder implements io.longwire.sdk.android.share.PushGuest
  {
    private static final java.lang.String DESCRIPTOR = "io.longwire.sdk.android.share.PushGuest";
    /** Construct the stub at attach it to the interface. */
    public Stub()
    {
      this.attachInterface(this, DESCRIPTOR);
    }
    /**
     * Cast an IBinder object into an io.longwire.sdk.android.share.PushGuest interface,
     * generating a proxy if needed.
     */
    public static io.longwire.sdk.android.share.PushGuest asInterface(android.os.IBinder obj)
    {
      if ((obj==null)) {
        return null;
      }
      android.os.IInterface iin = obj.queryLocalInterface(DESCRIPTOR);
      if (((iin!=null)&&(iin instanceof io.longwire.sdk.android.share.PushGuest))) {
        return ((io.longwire.sdk.android.share.PushGuest)iin);
      }
      return new io.longwire.sdk.android.share.PushGuest.Stub.Proxy(obj);
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
        case TRANSACTION_receive:
        {
          data.enforceInterface(descriptor);
          byte[] _arg0;
          _arg0 = data.createByteArray();
          this.receive(_arg0);
          return true;
        }
        case TRANSACTION_end:
        {
          data.enforceInterface(descriptor);
          java.lang.String _arg0;
          _arg0 = data.readString();
          this.end(_arg0);
          return true;
        }
        default:
        {
          return super.onTransact(code, data, reply, flags);
        }
      }
    }
    private static class Proxy implements io.longwire.sdk.android.share.PushGuest
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
      @Override public void receive(byte[] bytes) throws android.os.RemoteException
      {
        android.os.Parcel _data = android.os.Parcel.obtain();
        try {
          _data.writeInterfaceToken(DESCRIPTOR);
          _data.writeByteArray(bytes);
          boolean _status = mRemote.transact(Stub.TRANSACTION_receive, _data, null, android.os.IBinder.FLAG_ONEWAY);
          if (!_status && getDefaultImpl() != null) {
            getDefaultImpl().receive(bytes);
            return;
          }
        }
        finally {
          _data.recycle();
        }
      }
      @Override public void end(java.lang.String reason) throws android.os.RemoteException
      {
        android.os.Parcel _data = android.os.Parcel.obtain();
        try {
          _data.writeInterfaceToken(DESCRIPTOR);
          _data.writeString(reason);
          boolean _status = mRemote.transact(Stub.TRANSACTION_end, _data, null, android.os.IBinder.FLAG_ONEWAY);
          if (!_status && getDefaultImpl() != null) {
            getDefaultImpl().end(reason);
            return;
          }
        }
        finally {
          _data.recycle();
        }
      }
      public static io.longwire.sdk.android.share.PushGuest sDefaultImpl;
    }
    static final int TRANSACTION_receive = (android.os.IBinder.FIRST_CALL_TRANSACTION + 0);
    static final int TRANSACTION_end = (android.os.IBinder.FIRST_CALL_TRANSACTION + 1);
    public static boolean setDefaultImpl(io.longwire.sdk.android.share.PushGuest impl) {
      if (Stub.Proxy.sDefaultImpl == null && impl != null) {
        Stub.Proxy.sDefaultImpl = impl;
        return true;
      }
      return false;
    }
    public static io.longwire.sdk.android.share.PushGuest getDefaultImpl() {
      return Stub.Proxy.sDefaultImpl;
    }
  }
  public void receive(byte[] bytes) throws android.os.RemoteException;
  public void end(java.lang.String reason) throws android.os.RemoteException;
}
