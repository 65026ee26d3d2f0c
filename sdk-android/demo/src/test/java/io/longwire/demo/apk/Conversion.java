package io.longwire.demo.apk;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** What lies between the types of a lambda and those of its body: casts, boxing, unboxing, widening. */
final class Conversion {
    // Both by the sort of a Type.
    private static final Type[] PRIMITIVES = types(void.class, boolean.class, char.class, byte.class, short.class,
            int.class, float.class, long.class, double.class);
    private static final Type[] WRAPPERS = types(Void.class, Boolean.class, Character.class, Byte.class, Short.class,
            Integer.class, Float.class, Long.class, Double.class);

    private Conversion() {
    }

    private static Type[] types(Class<?>... of) {
        Type[] types = new Type[of.length];
        for (int i = 0; i < of.length; i++) {
            types[i] = Type.getType(of[i]);
        }
        return types;
    }

    /** Makes the one on top of the stack into the other. */
    static void apply(MethodVisitor code, Type from, Type to) {
        if (isPrimitive(from) && isPrimitive(to)) {
            widen(code, from, to);
        } else if (isPrimitive(from)) {
            Type wrapper = WRAPPERS[from.getSort()];
            code.visitMethodInsn(Opcodes.INVOKESTATIC, wrapper.getInternalName(), "valueOf",
                    Type.getMethodDescriptor(wrapper, from), false);
        } else if (isPrimitive(to)) {
            Type held = held(from, to);
            Type wrapper = WRAPPERS[held.getSort()];
            cast(code, from, wrapper);
            code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, wrapper.getInternalName(), held.getClassName() + "Value",
                    Type.getMethodDescriptor(held), false);
            widen(code, held, to);
        } else {
            cast(code, from, to);
        }
    }

    /** Takes it off the stack. */
    static void drop(MethodVisitor code, Type what) {
        if (what.getSize() > 0) {
            code.visitInsn(what.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
        }
    }

    private static void cast(MethodVisitor code, Type from, Type to) {
        if (!from.equals(to) && !to.getInternalName().equals("java/lang/Object")) {
            code.visitTypeInsn(Opcodes.CHECKCAST, to.getInternalName());
        }
    }

    // A wrapper of something narrower is widened after; of another object we know what it must be.
    private static Type held(Type from, Type to) {
        for (int sort = Type.BOOLEAN; sort <= Type.DOUBLE; sort++) {
            if (from.equals(WRAPPERS[sort])) {
                return PRIMITIVES[sort];
            }
        }
        return to;
    }

    // What is narrower than int is an int on the stack.
    private static void widen(MethodVisitor code, Type from, Type to) {
        if (from.equals(to) || to.getSort() <= Type.INT) {
            return;
        }
        boolean isLong = from.getSort() == Type.LONG;
        switch (to.getSort()) {
            case Type.LONG -> code.visitInsn(Opcodes.I2L);
            case Type.FLOAT -> code.visitInsn(isLong ? Opcodes.L2F : Opcodes.I2F);
            default -> code.visitInsn(isLong ? Opcodes.L2D : from.getSort() == Type.FLOAT ? Opcodes.F2D : Opcodes.I2D);
        }
    }

    private static boolean isPrimitive(Type type) {
        return type.getSort() <= Type.DOUBLE;
    }
}
