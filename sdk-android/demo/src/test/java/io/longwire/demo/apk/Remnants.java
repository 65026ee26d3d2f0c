package io.longwire.demo.apk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Looks through class files for what a phone cannot run: no phone is at hand to find it out. What a class calls of its
 * own libraries must be there, too.
 */
final class Remnants extends ClassVisitor {
    private static final List<String> OURS = List.of("io/longwire/", "com/google/protobuf/");

    private final Map<String, byte[]> all;
    private final Set<String> privates;
    private final List<String> found;
    private String user = "";

    private Remnants(Map<String, byte[]> all, Set<String> privates, List<String> found) {
        super(Opcodes.ASM9);
        this.all = all;
        this.privates = privates;
        this.found = found;
    }

    /** What is wrong, one line each; empty = nothing. */
    static List<String> in(Map<String, byte[]> classes) {
        Set<String> privates = new TreeSet<>();
        for (byte[] one : classes.values()) {
            new ClassReader(one).accept(new Declared(privates), ClassReader.SKIP_CODE);
        }
        List<String> found = new ArrayList<>();
        for (byte[] one : classes.values()) {
            new ClassReader(one).accept(new Remnants(classes, privates, found), ClassReader.SKIP_DEBUG);
        }
        return found;
    }

    @Override
    public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
        user = name;
        if (version > Opcodes.V1_8) {
            wrong("is of version " + version);
        }
        needs(superName);
        for (String one : interfaces) {
            needs(one);
        }
    }

    @Override
    public void visitNestHost(String host) {
        wrong("is in the nest of " + host);
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
        return new MethodVisitor(Opcodes.ASM9) {
            @Override
            public void visitFieldInsn(int opcode, String owner, String field, String of) {
                uses(owner, field, of);
            }

            @Override
            public void visitMethodInsn(int opcode, String owner, String method, String of, boolean inInterface) {
                uses(owner, method, of);
                if (opcode == Opcodes.INVOKEVIRTUAL && privates.contains(key(owner, method, of))) {
                    wrong("calls its private " + method + " as if it could be overridden");
                }
            }

            @Override
            public void visitInvokeDynamicInsn(String method, String of, Handle bootstrap, Object... arguments) {
                wrong("calls " + bootstrap);
            }

            @Override
            public void visitLdcInsn(Object value) {
                if (value instanceof Handle || value.getClass().getSimpleName().equals("ConstantDynamic")) {
                    wrong("has a constant " + value);
                }
            }

            @Override
            public void visitTypeInsn(int opcode, String of) {
                needs(of);
            }
        };
    }

    private void uses(String owner, String name, String type) {
        needs(owner);
        if (!owner.equals(user) && privates.contains(key(owner, name, type))) {
            wrong("uses the private " + owner + "." + name);
        }
    }

    private void needs(String name) {
        boolean ours = OURS.stream().anyMatch(name::startsWith);
        if (ours && !all.containsKey(name)) {
            wrong("needs " + name + ", which is not there");
        }
    }

    private void wrong(String what) {
        found.add(user + " " + what);
    }

    private static String key(String owner, String name, String type) {
        return owner + "." + name + type;
    }

    private static final class Declared extends ClassVisitor {
        private final Set<String> into;
        private String owner = "";

        Declared(Set<String> into) {
            super(Opcodes.ASM9);
            this.into = into;
        }

        @Override
        public void visit(int version, int access, String name, String signature, String superName, String[] of) {
            owner = name;
        }

        @Override
        public FieldVisitor visitField(int access, String name, String type, String signature, Object value) {
            add(access, key(owner, name, type));
            return super.visitField(access, name, type, signature, value);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
            add(access, key(owner, name, type));
            return super.visitMethod(access, name, type, signature, exceptions);
        }

        private void add(int access, String key) {
            if ((access & Opcodes.ACC_PRIVATE) != 0) {
                into.add(key);
            }
        }
    }
}
