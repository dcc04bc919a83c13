package dev.eventstream.benchmarks.capacity;

/**
 * The memory of one node, in bytes.
 *
 * <p>Immutable.
 *
 * @param heap the heap to configure ({@code -Xmx})
 * @param process resident memory of the process, once it has used all of its heap
 * @param kernel memory that the kernel needs for the connections
 * @param available memory of the machine
 */
record Memory(double heap, double process, double kernel, double available) {
    private static final double KB = 1024;
    private static final double MB = 1024 * KB;

    static Memory of(Workload load, Streams streams, Parameters known) {
        double inUse = known.value(Parameter.HEAP_BASE) * MB
                + streams.number() * known.value(Parameter.HEAP_STREAM) * KB
                + streams.followed() * known.value(Parameter.HEAP_CHANNEL) * KB;
        double heap = Math.max(
                known.value(Parameter.HEAP_SMALLEST) * MB,
                inUse * known.value(Parameter.HEAP_FACTOR) / (1 - known.value(Parameter.MEMORY_SHARE)));
        return new Memory(
                heap,
                heap + known.value(Parameter.RSS_BASE) * MB,
                streams.number() * known.value(Parameter.KERNEL_STREAM) * KB,
                load.cores() * known.value(Parameter.MEMORY_PER_CORE) * MB);
    }

    double used() {
        return (process + kernel) / available;
    }
}
