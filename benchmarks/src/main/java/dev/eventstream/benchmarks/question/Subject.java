package dev.eventstream.benchmarks.question;

/**
 * One of the things that a question compares.
 *
 * @param name the same in all questions, such as {@code nchan} or {@code ours, PostgreSQL}
 * @param measurement measures it once; starts what it measures, and ends it
 */
public record Subject(String name, Measurement measurement) {
    /** Measures a subject in one round. */
    @FunctionalInterface
    public interface Measurement {
        void measure(Round round) throws Exception;
    }

    /** One measurement of one subject. Confined to one thread. */
    public interface Round {
        /** Its number, from 1. */
        int number();

        /** Records a value. A metric has the same unit and the same meaning for all subjects of a question. */
        void record(String metric, String unit, double value);
    }
}
