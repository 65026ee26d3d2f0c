package io.longwire.demo.apk;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The class that takes a lambda's place: it keeps what was captured, and its one method calls the method that javac has
 * made of the lambda's body, or that a method reference names. No code here branches, so there are no frames to write.
 */
final class LambdaClass {
    /** The static method that makes one; of the same type as the call it takes the place of. */
    static final String FACTORY = "of";

    private static final String OBJECT = "java/lang/Object";
    private static final String INIT = "<init>";

    private final String name;
    private final String method;
    private final Type promised; // what is implemented
    private final Type captured;
    private final Type erased; // the method's type, as the interface says it
    private final Type actual; // the same, with the type arguments of this use
    private final Handle body;
    private final Privates privates;

    /**
     * @param method of the functional interface
     * @param factory from what is captured to the interface
     * @param arguments of the metafactory: the method's erased type, the body, the method's actual type
     */
    LambdaClass(String name, String method, String factory, Object[] arguments, Privates privates) {
        this.name = name;
        this.method = method;
        promised = Type.getReturnType(factory);
        captured = Type.getMethodType(Type.VOID_TYPE, Type.getArgumentTypes(factory));
        erased = (Type) arguments[0];
        body = (Handle) arguments[1];
        actual = (Type) arguments[2];
        this.privates = privates;
    }

    String name() {
        return name;
    }

    byte[] bytes() {
        ClassWriter out = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        out.visit(Opcodes.V1_8, Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC, name, null, OBJECT,
                new String[]{promised.getInternalName()});
        Type[] fields = captured.getArgumentTypes();
        for (int i = 0; i < fields.length; i++) {
            out.visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, field(i), fields[i].getDescriptor(), null, null)
                    .visitEnd();
        }
        constructor(code(out, 0, INIT, captured), fields);
        factory(code(out, Opcodes.ACC_STATIC, FACTORY, Type.getMethodType(promised, fields)), fields);
        call(code(out, Opcodes.ACC_PUBLIC, method, erased), fields);
        out.visitEnd();
        return out.toByteArray();
    }

    private static MethodVisitor code(ClassWriter out, int access, String name, Type type) {
        MethodVisitor code = out.visitMethod(access, name, type.getDescriptor(), null, null);
        code.visitCode();
        return code;
    }

    private static void end(MethodVisitor code, int returns) {
        code.visitInsn(returns);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }

    private void constructor(MethodVisitor code, Type[] fields) {
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, OBJECT, INIT, "()V", false);
        int local = 1;
        for (int i = 0; i < fields.length; i++) {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitVarInsn(fields[i].getOpcode(Opcodes.ILOAD), local);
            code.visitFieldInsn(Opcodes.PUTFIELD, name, field(i), fields[i].getDescriptor());
            local += fields[i].getSize();
        }
        end(code, Opcodes.RETURN);
    }

    private void factory(MethodVisitor code, Type[] fields) {
        code.visitTypeInsn(Opcodes.NEW, name);
        code.visitInsn(Opcodes.DUP);
        int local = 0;
        for (Type one : fields) {
            code.visitVarInsn(one.getOpcode(Opcodes.ILOAD), local);
            local += one.getSize();
        }
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, INIT, captured.getDescriptor(), false);
        end(code, Opcodes.ARETURN);
    }

    private void call(MethodVisitor code, Type[] fields) {
        boolean makes = body.getTag() == Opcodes.H_NEWINVOKESPECIAL;
        if (makes) {
            code.visitTypeInsn(Opcodes.NEW, body.getOwner());
            code.visitInsn(Opcodes.DUP);
        }
        Type[] wanted = wanted();
        for (int i = 0; i < fields.length; i++) {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitFieldInsn(Opcodes.GETFIELD, name, field(i), fields[i].getDescriptor());
            Conversion.apply(code, fields[i], wanted[i]);
        }
        Type[] given = erased.getArgumentTypes();
        Type[] meant = actual.getArgumentTypes();
        int local = 1;
        for (int i = 0; i < given.length; i++) {
            code.visitVarInsn(given[i].getOpcode(Opcodes.ILOAD), local);
            Conversion.apply(code, given[i], meant[i]);
            Conversion.apply(code, meant[i], wanted[fields.length + i]);
            local += given[i].getSize();
        }
        code.visitMethodInsn(opcode(), body.getOwner(), privates.name(body.getOwner(), body.getName(), body.getDesc()),
                body.getDesc(), body.isInterface());
        Type made = makes ? Type.getObjectType(body.getOwner()) : Type.getReturnType(body.getDesc());
        Type wants = erased.getReturnType();
        if (wants.getSort() == Type.VOID) {
            Conversion.drop(code, made);
        } else {
            Conversion.apply(code, made, actual.getReturnType());
            Conversion.apply(code, actual.getReturnType(), wants);
        }
        end(code, wants.getOpcode(Opcodes.IRETURN));
    }

    /** What the body takes, the object it is called on first. */
    private Type[] wanted() {
        Type[] arguments = Type.getArgumentTypes(body.getDesc());
        if (body.getTag() == Opcodes.H_INVOKESTATIC || body.getTag() == Opcodes.H_NEWINVOKESPECIAL) {
            return arguments;
        }
        Type[] all = new Type[arguments.length + 1];
        all[0] = Type.getObjectType(body.getOwner());
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return all;
    }

    private int opcode() {
        switch (body.getTag()) {
            case Opcodes.H_INVOKESTATIC :
                return Opcodes.INVOKESTATIC;
            case Opcodes.H_NEWINVOKESPECIAL :
                return Opcodes.INVOKESPECIAL;
            case Opcodes.H_INVOKEINTERFACE :
                return Opcodes.INVOKEINTERFACE;
            case Opcodes.H_INVOKESPECIAL :
                if (!privates.isPrivate(body.getOwner(), body.getName(), body.getDesc())) {
                    throw new BuildFailure(name + ": calls " + body + " (expected: no method of a superclass)");
                }
                return body.isInterface() ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
            default :
                return Opcodes.INVOKEVIRTUAL;
        }
    }

    private static String field(int number) {
        return "captured" + number;
    }
}
