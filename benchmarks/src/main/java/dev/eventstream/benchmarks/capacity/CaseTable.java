package dev.eventstream.benchmarks.capacity;

import java.util.Locale;
import java.util.function.BiFunction;

/** The typical cases. */
final class CaseTable {
    private final Parameters known;

    CaseTable(Parameters known) {
        this.known = known;
    }

    String text() {
        return row("", (each, estimate) -> "**" + each.title() + "**")
                + "|---|" + "---|".repeat(Case.ALL.size()) + "\n"
                + row("readers", (each, estimate) -> exact(each.load().readers()))
                + row(
                        "channels per reader, in all",
                        (each, estimate) -> exact(each.load().channelsPerReader()) + ", "
                                + exact(each.load().channels()))
                + row(
                        "events/s in all, bytes per event",
                        (each, estimate) -> exact(each.load().events()) + ", "
                                + exact(each.load().bytes()))
                + row("stored", (each, estimate) -> each.load().storedShare() == 0 ? "no" : "yes")
                + row(
                        "**nodes** × cores",
                        (each, estimate) -> "**" + exact(each.load().nodes()) + "** × "
                                + exact(each.load().cores()))
                + row("bus", (each, estimate) -> each.load().isFast() ? "`redis`, `nats` or `postgres`" : "`database`")
                + row("streams per node", figure("streams"))
                + row("deliveries/s per node", figure("deliveries"))
                + row(
                        "time until the last reader has an event",
                        (each, estimate) -> Numbers.number(Math.max(1, estimate.figure("lastReader"))) + " ms")
                + row("cores in use", figure("cores"))
                + row("`-Xmx`", (each, estimate) -> Numbers.size(estimate.figure("heap")))
                + row("sent by a node per second", (each, estimate) -> Numbers.size(estimate.figure("bytes")))
                + row(
                        "database: transactions/s, statements/s",
                        (each, estimate) -> Numbers.number(estimate.figure("transactions")) + ", "
                                + Numbers.number(estimate.figure("statements")))
                + row("growth of the log per day", (each, estimate) -> Numbers.size(estimate.figure("perDay")))
                + row(
                        "most used resource, share of the planned use",
                        (each, estimate) ->
                                estimate.limit().title() + ", " + Numbers.percent(estimate.share(estimate.limit())));
    }

    private static BiFunction<Case, Estimate, String> figure(String name) {
        return (each, estimate) -> Numbers.number(estimate.figure(name));
    }

    private static String exact(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    private String row(String title, BiFunction<Case, Estimate, String> cell) {
        StringBuilder row = new StringBuilder("| ").append(title);
        Case.ALL.stream().forEach(each -> row.append(" | ").append(cell.apply(each, Estimate.of(each.load(), known))));
        return row.append(" |\n").toString();
    }
}
