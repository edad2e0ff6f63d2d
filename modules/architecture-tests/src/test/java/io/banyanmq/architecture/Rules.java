package io.banyanmq.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;

/// The rules of the house over compiled classes. Each is proven able to fail by [PlantedViolationsTest].
final class Rules {
    private static final Set<String> THREADS_AND_FILES =
            Set.of(
                    "java.lang.Thread",
                    "java.lang.ThreadLocal",
                    "java.lang.Runtime",
                    "java.lang.Process",
                    "java.lang.ProcessBuilder",
                    "java.util.Timer",
                    "java.io.File",
                    "java.io.FileInputStream",
                    "java.io.FileOutputStream",
                    "java.io.RandomAccessFile");

    private static final List<String> MUTABLE_HOLDERS =
            List.of(
                    "java.util.concurrent.",
                    "java.lang.ThreadLocal",
                    "java.lang.StringBuilder",
                    "java.util.HashMap",
                    "java.util.ArrayList",
                    "java.util.ArrayDeque",
                    "java.util.Random");

    private static final Set<String> AMBIENT =
            Set.of(
                    "java.lang.System.nanoTime",
                    "java.lang.System.currentTimeMillis",
                    "java.lang.System.getenv",
                    "java.lang.System.getProperty",
                    "java.lang.System.identityHashCode",
                    "java.lang.System.out",
                    "java.lang.System.err",
                    "java.lang.Math.random",
                    "java.util.UUID.randomUUID",
                    "java.util.random.RandomGenerator.getDefault",
                    "java.util.random.RandomGenerator.of");

    private Rules() {}

    static final ArchRule TOPIC_STANDS_ALONE =
            noClasses()
                    .that()
                    .resideInAPackage("io.banyanmq.topic..")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("io.banyanmq..")
                                    .and(
                                            DescribedPredicate.not(
                                                    resideInAPackage("io.banyanmq.topic.."))))
                    .because("imports run shell -> core -> wire -> topic");

    static final ArchRule WIRE_KNOWS_TOPIC_ONLY =
            noClasses()
                    .that()
                    .resideInAPackage("io.banyanmq.cluster.wire..")
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("io.banyanmq..")
                                    .and(
                                            DescribedPredicate.not(
                                                    resideInAnyPackage(
                                                            "io.banyanmq.cluster.wire..",
                                                            "io.banyanmq.cluster.proto..",
                                                            "io.banyanmq.topic.."))))
                    .because("imports run shell -> core -> wire -> topic");

    static final ArchRule CORE_KNOWS_NO_SHELL =
            noClasses()
                    .that()
                    .resideInAPackage("io.banyanmq..core..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.banyanmq..shell..",
                            "io.banyanmq.node..",
                            "io.banyanmq.cluster.ctl..")
                    .because("imports run shell -> core -> wire -> topic");

    static final ArchRule CORE_IS_PURE =
            noClasses()
                    .that()
                    .resideInAPackage("io.banyanmq..core..")
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                            "io.netty..",
                                            "org.apache.ratis..",
                                            "org.rocksdb..",
                                            "org.slf4j..",
                                            "io.micrometer..",
                                            "io.helidon..",
                                            "java.net..",
                                            "java.nio.file..",
                                            "java.nio.channels..",
                                            "java.security..",
                                            "java.util.concurrent..")
                                    .or(
                                            describe(
                                                    "threads, timers and files",
                                                    type ->
                                                            THREADS_AND_FILES.contains(
                                                                    type.getName()))))
                    .because(
                            "a core takes commands and gives effects; the rest belongs to a shell");

    static final ArchRule CORE_IS_TOLD_TIME_AND_CHANCE =
            noClasses()
                    .that()
                    .resideInAPackage("io.banyanmq..core..")
                    .should()
                    .accessTargetWhere(
                            describe("a clock, randomness or the environment", Rules::isAmbient))
                    .because("clock, randomness and ids come by constructor or argument");

    static final ArchRule NO_CHANGING_STATICS =
            fields().that()
                    .areStatic()
                    .should()
                    .beFinal()
                    .andShould()
                    .notHaveRawType(
                            describe(
                                    "a mutable holder",
                                    type ->
                                            !type.getName().endsWith("FieldUpdater")
                                                    && MUTABLE_HOLDERS.stream()
                                                            .anyMatch(type.getName()::startsWith)))
                    .because("state has an owner that opens and closes it");

    static final ArchRule NAMES_SAY_A_ROLE =
            noClasses()
                    .should()
                    .haveNameMatching(".*(Manager|Helper|Util|Utils|Impl|Data)(\\$.*)?")
                    .because("a class is named by its role, in the words of the field");

    static final ArchRule NO_PACKAGE_CYCLES =
            slices().matching("io.banyanmq.(**)").should().beFreeOfCycles();

    private static boolean isAmbient(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        boolean clock =
                owner.startsWith("java.time.")
                        && (name.equals("now")
                                || name.startsWith("system")
                                || name.startsWith("tick"));
        boolean unseeded =
                (owner.equals("java.util.Random") || owner.equals("java.util.SplittableRandom"))
                        && name.equals("<init>")
                        && access.getTarget().getFullName().endsWith("<init>()");
        return clock || unseeded || AMBIENT.contains(owner + "." + name);
    }
}
