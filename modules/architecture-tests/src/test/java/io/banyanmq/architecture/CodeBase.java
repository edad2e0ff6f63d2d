package io.banyanmq.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The checkout that the tests judge: its modules, what they compiled to, and their sources.
final class CodeBase {
    private final Path root;

    private CodeBase(Path root) {
        this.root = root;
    }

    static CodeBase here() {
        return new CodeBase(Path.of(System.getProperty("banyanmq.root", "../..")).toAbsolutePath());
    }

    /// Directories of all modules that have code, in the order of their names.
    List<Path> modules() {
        List<Path> found = new ArrayList<>();
        found.add(root.resolve("chaos-tests"));
        try (Stream<Path> children = Files.list(root.resolve("modules"))) {
            children.filter(child -> Files.isDirectory(child.resolve("src"))).forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.stream().sorted().toList();
    }

    /// Our own main classes, compiled; generated ones and those of bundled libraries are not ours.
    JavaClasses mainClasses() {
        List<Path> ours =
                modules().stream()
                        .map(module -> module.resolve("target/classes/io/banyanmq"))
                        .filter(Files::isDirectory)
                        .filter(classes -> !Files.isDirectory(classes.resolve("cluster/proto")))
                        .toList();
        return new ClassFileImporter().importPaths(ours);
    }

    /// Descriptors of all modules, compiled.
    List<ModuleDescriptor> descriptors() {
        List<ModuleDescriptor> descriptors = new ArrayList<>();
        for (Path module : modules()) {
            Path info = module.resolve("target/classes/module-info.class");
            if (Files.isRegularFile(info)) {
                try (InputStream in = Files.newInputStream(info)) {
                    descriptors.add(ModuleDescriptor.read(in));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return descriptors;
    }

    /// Java sources, main and test, of all modules.
    List<Path> sources() {
        List<Path> sources = new ArrayList<>();
        for (Path module : modules()) {
            try (Stream<Path> files = Files.walk(module.resolve("src"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return sources;
    }

    /// A file by its name, relative to the root.
    Path file(String name) {
        return root.resolve(name);
    }

    /// How a file is named to people: relative to the root.
    String name(Path file) {
        return root.relativize(file).toString();
    }
}
