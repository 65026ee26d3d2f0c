package io.longwire.demo.apk;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The private members of all classes, and which of them are used from outside of their class: by others of its nest, or
 * by what takes a lambda's place.
 */
final class Privates {
    private final Map<String, Boolean> members = new HashMap<>(); // whether it is an instance method
    private final Set<String> opened = new HashSet<>();

    private Privates() {
    }

    static Privates of(Map<String, byte[]> classes) {
        Privates found = new Privates();
        for (byte[] one : classes.values()) {
            new ClassReader(one).accept(found.new Members(), ClassReader.SKIP_CODE);
        }
        for (byte[] one : classes.values()) {
            new ClassReader(one).accept(found.new Uses(), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        }
        return found;
    }

    boolean isPrivate(String owner, String name, String type) {
        return members.containsKey(key(owner, name, type));
    }

    boolean isOpened(String owner, String name, String type) {
        return opened.contains(key(owner, name, type));
    }

    /** Its name from now on. */
    String name(String owner, String name, String type) {
        String key = key(owner, name, type);
        boolean couldBeOverridden = opened.contains(key) && Boolean.TRUE.equals(members.get(key));
        return couldBeOverridden ? name + "$" + owner.replace('/', '_') : name;
    }

    private static String key(String owner, String name, String type) {
        return owner + "." + name + " " + type;
    }

    private final class Members extends ClassVisitor {
        private String owner = "";

        Members() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(int version, int access, String name, String signature, String superName, String[] of) {
            owner = name;
        }

        @Override
        public FieldVisitor visitField(int access, String name, String type, String signature, Object value) {
            add(access, name, type, false);
            return super.visitField(access, name, type, signature, value);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
            add(access, name, type, (access & Opcodes.ACC_STATIC) == 0 && !name.equals("<init>"));
            return super.visitMethod(access, name, type, signature, exceptions);
        }

        private void add(int access, String name, String type, boolean isInstanceMethod) {
            if ((access & Opcodes.ACC_PRIVATE) != 0) {
                members.put(key(owner, name, type), isInstanceMethod);
            }
        }
    }

    private final class Uses extends ClassVisitor {
        private String user = "";

        Uses() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(int version, int access, String name, String signature, String superName, String[] of) {
            user = name;
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitFieldInsn(int opcode, String owner, String name, String type) {
                    used(owner, name, type);
                }

                @Override
                public void visitMethodInsn(int opcode, String owner, String name, String type, boolean inInterface) {
                    used(owner, name, type);
                }

                @Override
                public void visitInvokeDynamicInsn(String name, String type, Handle bootstrap, Object... arguments) {
                    for (Object one : arguments) {
                        if (one instanceof Handle body && members.containsKey(key(body))) {
                            opened.add(key(body));
                        }
                    }
                }
            };
        }

        private void used(String owner, String name, String type) {
            String key = key(owner, name, type);
            if (!owner.equals(user) && members.containsKey(key)) {
                opened.add(key);
            }
        }

        private String key(Handle body) {
            return Privates.key(body.getOwner(), body.getName(), body.getDesc());
        }

        private String key(String owner, String name, String type) {
            return Privates.key(owner, name, type);
        }
    }
}
