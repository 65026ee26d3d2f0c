package io.longwire.register.table;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Zeroed memory in whole pages, straight from the kernel and straight back. A shared arena would stop every thread
 * at each close, malloc would keep what 4096 tables outgrow in step; here resident memory is exactly what the tables
 * hold. For Linux. The segments live in the global scope: whoever frees one must hold the lock that guards it.
 */
final class NativeMemory {
    static final long PAGE_BYTES = 4096;
    private static final int READ_WRITE = 1 | 2;
    private static final int PRIVATE = 2;
    private static final int ANONYMOUS = 0x20;
    private static final int MAY_MOVE = 1;
    private static final MethodHandle MMAP = call("mmap",
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle MUNMAP = call("munmap",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

    private static final MethodHandle MREMAP = call("mremap",
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    private NativeMemory() {
    }

    /** MemorySegment.NULL if the machine has none left. */
    @SuppressWarnings("restricted") // giving a mapped address its size is what this class is for
    static MemorySegment map(long bytes) {
        try {
            var mapped = (MemorySegment) MMAP.invokeExact(MemorySegment.NULL, bytes, READ_WRITE, PRIVATE | ANONYMOUS,
                    -1, 0L);
            return mapped.address() == -1 ? MemorySegment.NULL : mapped.reinterpret(bytes);
        } catch (Throwable impossible) { // a downcall of this shape throws nothing
            throw new IllegalStateException("mmap", impossible);
        }
    }

    /**
     * The same memory with zeroed pages behind it, perhaps elsewhere: the kernel moves the page tables, not the
     * bytes. The old segment is gone, unless the answer is MemorySegment.NULL: then there is no memory and nothing
     * happened.
     */
    @SuppressWarnings("restricted") // giving a mapped address its size is what this class is for
    static MemorySegment extend(MemorySegment segment, long bytes) {
        if (segment.byteSize() == 0) {
            return map(bytes);
        }
        try {
            var mapped = (MemorySegment) MREMAP.invokeExact(segment, segment.byteSize(), bytes, MAY_MOVE);
            return mapped.address() == -1 ? MemorySegment.NULL : mapped.reinterpret(bytes);
        } catch (Throwable impossible) { // a downcall of this shape throws nothing
            throw new IllegalStateException("mremap", impossible);
        }
    }

    static void unmap(MemorySegment segment) {
        if (segment.byteSize() == 0) {
            return;
        }
        try {
            int result = (int) MUNMAP.invokeExact(segment, segment.byteSize());
            if (result != 0) {
                throw new IllegalStateException("munmap: " + result + " (expected: 0)");
            }
        } catch (IllegalStateException failed) {
            throw failed;
        } catch (Throwable impossible) { // a downcall of this shape throws nothing
            throw new IllegalStateException("munmap", impossible);
        }
    }

    @SuppressWarnings("restricted") // libc's own mmap and munmap
    private static MethodHandle call(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }
}
