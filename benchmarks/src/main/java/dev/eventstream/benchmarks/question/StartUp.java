package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.database.LogDatabase;
import dev.eventstream.benchmarks.result.Target;
import dev.eventstream.benchmarks.startup.BundleApplication;
import dev.eventstream.benchmarks.startup.EmptyApplication;
import dev.eventstream.benchmarks.startup.JarClassPath;
import dev.eventstream.benchmarks.startup.StartedJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the bundle adds to the start of an application, to its heap and to its jars. */
public final class StartUp implements Question {
    private static final String ADDED = "the bundle adds";
    private static final String ADDED_IN_MEMORY = "the bundle adds, log in memory";
    private static final String START = "start";
    private static final String HEAP = "live heap after the start";
    private static final String JAR = "jars";

    /** Collections clear softly reachable objects: caches of the JDK and of libraries, some with megabytes. */
    private static final String WITHOUT_CACHES = "-XX:SoftRefLRUPolicyMSPerMB=0";

    @Override
    public String name() {
        return "start-up";
    }

    @Override
    public String asks() {
        return "How much later does an empty application answer with the bundle, and how much more memory and disk does it take?";
    }

    @Override
    public List<String> references() {
        return List.of("with a database");
    }

    @Override
    public List<Target> targets() {
        return List.of(Target.atMost(250, ADDED, START), Target.atMost(10, ADDED, HEAP), Target.atMost(3, ADDED, JAR));
    }

    @Override
    public List<String> plotted() {
        return List.of("start", "archive");
    }

    @Override
    public void run(Run run) throws Exception {
        try (LogDatabase database = LogDatabase.start("postgresql", run.newDirectory("postgresql"))) {
            JarClassPath classPath = JarClassPath.of(run.newDirectory("jars"));
            run.record(ADDED, JAR, "MB", 1, classPath.addedBytes() / 1e6);
            String without = config(run, "without", "");
            String with = config(
                    run,
                    "with",
                    "database: {driverClass: " + database.driver() + ", url: \"" + database.url() + "\", user: "
                            + database.user() + ", password: \"\"}\n");
            Program empty =
                    new Program(run, "empty", classPath.withoutBundle(), EmptyApplication.class, List.of(without));
            Program inMemory = new Program(
                    run,
                    "with the bundle, log in memory",
                    classPath.withBundle(),
                    BundleApplication.class,
                    List.of(without, "memory"));
            Program connected = new Program(
                    run, "with a database", classPath.withoutBundle(), EmptyApplication.class, List.of(with));
            Program bundled = new Program(
                    run,
                    "with a database and the bundle",
                    classPath.withBundle(),
                    BundleApplication.class,
                    List.of(with));
            measure(run, run.isSmoke() ? List.of(connected, bundled) : List.of(empty, inMemory, connected, bundled));
            bundled.recordMore(ADDED, connected);
            inMemory.recordMore(ADDED_IN_MEMORY, empty);
        }
    }

    private static void measure(Run run, List<Program> programs) throws Exception {
        for (Program program : programs) {
            program.archive();
        }
        run.alternate(programs.stream().map(Program::subject).toList());
    }

    private static String config(Run run, String name, String database) throws Exception {
        Path file = run.newDirectory(name).resolve("config.yml");
        Files.writeString(file, """
                server:
                  applicationConnectors: [{type: http, port: 0, bindHost: 127.0.0.1}]
                  adminConnectors: [{type: http, port: 0, bindHost: 127.0.0.1}]
                  requestLog: {appenders: []}
                logging: {level: WARN}
                """ + database, StandardCharsets.UTF_8);
        return file.toString();
    }

    private record Key(String metric, String unit) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return metric.compareTo(other.metric);
        }
    }

    /** One of the applications, and its measurements. */
    private static final class Program {
        private final Run run;
        private final String name;
        private final String classPath;
        private final Class<?> main;
        private final List<String> arguments;
        private final Path directory;
        private final Map<Key, List<Double>> values = new TreeMap<>();

        Program(Run run, String name, String classPath, Class<?> main, List<String> arguments) {
            this.run = run;
            this.name = name;
            this.classPath = classPath;
            this.main = main;
            this.arguments = arguments;
            this.directory = run.newDirectory(name);
        }

        Subject subject() {
            return new Subject(name, this::measure);
        }

        private Path archiveFile() {
            return directory.resolve("classes.jsa");
        }

        private StartedJvm start(String... options) throws Exception {
            List<String> all = new ArrayList<>(List.of("-Xmx256m"));
            all.addAll(List.of(options));
            return StartedJvm.start(directory.resolve("log"), classPath, all, main, arguments);
        }

        /** Makes an archive of the classes that the application loads. */
        void archive() throws Exception {
            if (run.isSmoke()) {
                return; // takes ten seconds
            }
            try (StartedJvm jvm = start("-XX:ArchiveClassesAtExit=" + archiveFile())) {
                if (jvm.liveBytesAndClasses().isEmpty()) {
                    throw new IllegalStateException(name + " has no heap");
                }
            }
            if (!Files.exists(archiveFile())) {
                throw new IllegalStateException("the JVM did not write an archive; see " + directory.resolve("log"));
            }
        }

        private void measure(Subject.Round round) throws Exception {
            try (StartedJvm jvm = start()) {
                record(round, START, "ms", jvm.millis());
                record(round, "resident memory", "MB", jvm.residentMegabytes());
            }
            try (StartedJvm jvm = start(WITHOUT_CACHES)) {
                List<Long> heap = jvm.liveBytesAndClasses();
                record(round, HEAP, "MB", heap.get(0) / 1e6);
                record(round, "loaded classes", "classes", heap.get(1));
            }
            if (Files.exists(archiveFile())) {
                try (StartedJvm jvm = start("-XX:SharedArchiveFile=" + archiveFile())) {
                    record(round, "start with a CDS archive", "ms", jvm.millis());
                }
            }
        }

        private void record(Subject.Round round, String metric, String unit, double value) {
            round.record(metric, unit, value);
            values.computeIfAbsent(new Key(metric, unit), key -> new ArrayList<>())
                    .add(value);
        }

        /** Records how much its medians exceed those of another program. */
        void recordMore(String subject, Program other) {
            values.forEach((key, all) -> run.record(
                    subject, key.metric(), key.unit(), 1, median(all) - median(other.values.getOrDefault(key, all))));
        }

        private static double median(List<Double> values) {
            return values.stream().sorted().toList().get(values.size() / 2);
        }
    }
}
