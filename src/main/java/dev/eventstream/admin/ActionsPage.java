package dev.eventstream.admin;

import dev.eventstream.admin.action.Action;
import dev.eventstream.admin.action.ActionFailedException;
import dev.eventstream.admin.action.Actions;
import dev.eventstream.admin.page.Page;
import dev.eventstream.admin.page.Parameters;
import dev.eventstream.admin.page.Section;
import dev.eventstream.admin.page.Section.Input;
import dev.eventstream.admin.page.UnavailableException;
import dev.eventstream.channel.PlainText;
import dev.eventstream.store.EventStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actions: a form for each, a request for confirmation, and the result. Each action that is done is one line in the log, with the
 * client that asked for it.
 *
 * <p>Thread-safe. One action runs at a time.
 */
final class ActionsPage implements PageSource {
    private static final Logger LOGGER = LoggerFactory.getLogger(ActionsPage.class);
    private static final String ACTION = "action";
    private static final String CONFIRM = "confirm";
    private static final String CONFIRMED = "yes";
    private static final String OFF = "Actions are off. To allow everybody who reaches the admin port to use them, set"
            + " eventStream.adminActions to true.";

    private final Actions actions;
    private final Semaphore running = new Semaphore(1);

    ActionsPage(Actions actions) {
        this.actions = actions;
    }

    @Override
    public List<String> parameters() {
        return List.of();
    }

    @Override
    public Page page(Parameters parameters) {
        List<Section> sections = new ArrayList<>();
        if (actions.areAllowed()) {
            sections.add(new Section.Note(
                    "Each action asks for confirmation, and is written to the log with your address."));
            actions.all().forEach(action -> sections.add(form(action)));
        } else {
            sections.add(new Section.Note(OFF));
        }
        return PageName.ACTIONS.page(sections);
    }

    private static Section form(Action action) {
        List<Input> inputs = new ArrayList<>();
        inputs.add(Input.hidden(ACTION, action.name()));
        action.fields().forEach(field -> inputs.add(new Input(field.name(), field.label(), "")));
        return new Section.Form(true, PageName.ACTIONS.path(), action.title(), "", inputs, "Continue…");
    }

    /**
     * Whether operators may use the actions.
     */
    boolean areAllowed() {
        return actions.areAllowed();
    }

    /**
     * Asks for confirmation or, once it is given, does the action.
     *
     * @param client the client, for the log
     * @throws IllegalArgumentException if a parameter is not allowed; nothing is done then
     * @throws UnavailableException if another action is running, or it fails
     */
    Page post(Map<String, String[]> raw, String client) {
        Action action = action(raw);
        Set<String> allowed = new TreeSet<>(Set.of(ACTION, CONFIRM));
        action.fields().forEach(field -> allowed.add(field.name()));
        Parameters parameters = Parameters.of(raw, allowed);
        Action.Prepared prepared = action.prepare(parameters);
        return isConfirmed(parameters) ? run(prepared, client) : question(action, prepared, parameters);
    }

    private static boolean isConfirmed(Parameters parameters) {
        String confirm = parameters.text(CONFIRM).orElse("");
        if (!confirm.isEmpty() && !confirm.equals(CONFIRMED)) {
            throw new IllegalArgumentException(
                    CONFIRM + " is " + PlainText.quote(confirm) + "; allowed is " + CONFIRMED);
        }
        return !confirm.isEmpty();
    }

    private Action action(Map<String, String[]> raw) {
        Set<String> known = new TreeSet<>(actions.fieldNames());
        known.addAll(List.of(ACTION, CONFIRM));
        return actions.named(Parameters.of(raw, known).required(ACTION));
    }

    private static Page question(Action action, Action.Prepared prepared, Parameters parameters) {
        List<Input> inputs = new ArrayList<>();
        inputs.add(Input.hidden(ACTION, action.name()));
        action.fields()
                .forEach(field -> parameters
                        .text(field.name())
                        .ifPresent(value -> inputs.add(Input.hidden(field.name(), value))));
        inputs.add(Input.hidden(CONFIRM, CONFIRMED));
        return new Page(
                PageName.ACTIONS.path(),
                action.title(),
                List.of(
                        new Section.Note("Nothing has been done yet. A program confirms with confirm=yes."),
                        new Section.Form(
                                true,
                                PageName.ACTIONS.path(),
                                "Really " + prepared.what() + '?',
                                prepared.effects(),
                                inputs,
                                "Yes, " + prepared.what())));
    }

    private Page run(Action.Prepared prepared, String client) {
        if (!running.tryAcquire()) {
            throw new UnavailableException("Another action is running; nothing has been done. Try again later.");
        }
        try {
            String result = prepared.work().get();
            LOGGER.info("Admin action of {}: {}: {}", client, prepared.what(), result);
            return Page.saying("Done", capitalized(prepared.what()) + ": " + result + '.');
        } catch (ActionFailedException | EventStoreException e) {
            LOGGER.warn("Admin action of {}: {}: failed: {}", client, prepared.what(), e.getMessage());
            throw new UnavailableException("It was not possible to " + prepared.what() + ": " + e.getMessage());
        } catch (RuntimeException e) {
            LOGGER.error("Admin action of {}: {}: failed", client, prepared.what(), e);
            throw new UnavailableException(
                    "It was not possible to " + prepared.what() + "; the reason is in the log of this node.");
        } finally {
            running.release();
        }
    }

    private static String capitalized(String phrase) {
        return Character.toUpperCase(phrase.charAt(0)) + phrase.substring(1);
    }
}
