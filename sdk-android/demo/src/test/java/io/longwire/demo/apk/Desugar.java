package io.longwire.demo.apk;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Makes class files of Java 11 into such of Java 8 without lambdas, which is what a phone can run of what dx makes: dx
 * translates as it reads, and two things that it reads no Android has. {@code LambdaMetafactory} is missing there, so
 * each lambda gets a class of its own. And classes of one nest do not see each other's private members there, so those
 * that are used so are opened to their package; an instance method gets a name of its own then, lest a subclass that
 * has one of that name overrides it. Google's tools do both while dexing.
 *
 * <p>Everything that is to run must be given at once: who uses what is looked up first.
 */
final class Desugar extends ClassVisitor {
    private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";

    private final Privates privates;
    private final Map<String, byte[]> into;
    private String owner = "";
    private boolean isInterface;
    private int lambdas;

    private Desugar(ClassVisitor next, Privates privates, Map<String, byte[]> into) {
        super(Opcodes.ASM9, next);
        this.privates = privates;
        this.into = into;
    }

    /** By internal names, like what is given. */
    static SortedMap<String, byte[]> all(Map<String, byte[]> classes) {
        Privates privates = Privates.of(classes);
        SortedMap<String, byte[]> made = new TreeMap<>();
        for (byte[] one : classes.values()) {
            ClassWriter out = new ClassWriter(0);
            Desugar by = new Desugar(out, privates, made);
            new ClassReader(one).accept(by, 0);
            made.put(by.owner, out.toByteArray());
        }
        return made;
    }

    /** Whether this is the call that makes a lambda, of the kind javac makes where nothing special is asked for. */
    static boolean isLambda(Handle bootstrap) {
        return bootstrap.getOwner().equals(METAFACTORY) && bootstrap.getName().equals("metafactory");
    }

    @Override
    public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
        owner = name;
        isInterface = (access & Opcodes.ACC_INTERFACE) != 0;
        super.visit(Math.min(version, Opcodes.V1_8), access, name, signature, superName, interfaces);
    }

    @Override
    public void visitNestHost(String host) {
        // Java 8 knows no nests.
    }

    @Override
    public void visitNestMember(String member) {
        // Java 8 knows no nests.
    }

    @Override
    public FieldVisitor visitField(int access, String name, String type, String signature, Object value) {
        return super.visitField(opened(access, name, type), name, type, signature, value);
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
        return new Body(super.visitMethod(opened(access, name, type), privates.name(owner, name, type), type, signature,
                exceptions));
    }

    private int opened(int access, String name, String type) {
        return !privates.isOpened(owner, name, type)
                ? access
                : (access & ~Opcodes.ACC_PRIVATE) | (isInterface ? Opcodes.ACC_PUBLIC : 0);
    }

    /** The code of one method. */
    private final class Body extends MethodVisitor {
        Body(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitMethodInsn(int opcode, String of, String name, String type, boolean inInterface) {
            int how = opcode;
            if (opcode != Opcodes.INVOKESTATIC && !name.equals("<init>") && privates.isPrivate(of, name, type)) {
                how = !privates.isOpened(of, name, type)
                        ? Opcodes.INVOKESPECIAL
                        : inInterface ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
            }
            super.visitMethodInsn(how, of, privates.name(of, name, type), type, inInterface);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String type, Handle bootstrap, Object... arguments) {
            if (!isLambda(bootstrap)) {
                throw new BuildFailure(
                        owner + ": calls " + bootstrap + " (expected: nothing dynamic but plain lambdas)");
            }
            LambdaClass made = new LambdaClass(owner + "$$Lambda" + lambdas++, name, type, arguments, privates);
            into.put(made.name(), made.bytes());
            super.visitMethodInsn(Opcodes.INVOKESTATIC, made.name(), LambdaClass.FACTORY, type, false);
        }
    }
}
