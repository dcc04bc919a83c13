package dev.eventstream.admin;

import dev.eventstream.admin.page.Page;
import dev.eventstream.admin.page.Parameters;
import dev.eventstream.admin.page.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The first page: nodes, bus, lanes, budgets, log. Works while the database does not.
 *
 * <p>Thread-safe.
 */
final class OverviewPage implements PageSource {
    private final NodeTables nodes;
    private final BudgetTable budgets;
    private final LogFacts log;
    private final BooleanSupplier isDraining;

    /** @param isDraining whether this node ends its streams */
    OverviewPage(NodeTables nodes, BudgetTable budgets, LogFacts log, BooleanSupplier isDraining) {
        this.nodes = nodes;
        this.budgets = budgets;
        this.log = log;
        this.isDraining = isDraining;
    }

    @Override
    public List<String> parameters() {
        return List.of();
    }

    @Override
    public Page page(Parameters parameters) {
        List<Section> sections = new ArrayList<>();
        if (isDraining.getAsBoolean()) {
            sections.add(new Section.Note("This node is draining: it ends its streams, and each new one."));
        }
        sections.addAll(nodes.sections());
        sections.add(budgets.table());
        sections.addAll(log.facts());
        return PageName.OVERVIEW.page(sections);
    }
}
