package dev.eventstream.admin.page;

import dev.eventstream.admin.page.Section.Facts;
import dev.eventstream.admin.page.Section.Form;
import dev.eventstream.admin.page.Section.Input;
import dev.eventstream.admin.page.Section.Note;
import dev.eventstream.admin.page.Section.Table;
import java.util.List;
import java.util.Map;

/**
 * Writes a page as HTML, without scripts. The text of clients is isolated ({@code bdi}), so that it cannot change the direction of what
 * surrounds it.
 *
 * <p>Immutable.
 */
public final class HtmlPage {
    /** Text that has more characters than this gets more room. */
    private static final int LONG_TEXT = 40;

    private final Map<String, String> navigation;

    /** @param navigation the titles of the pages, by the last parts of their addresses, in order */
    public HtmlPage(Map<String, String> navigation) {
        this.navigation = navigation;
    }

    /** The page as a document. */
    public String write(Page page) {
        Markup html = new Markup();
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .raw("<meta name=\"color-scheme\" content=\"light dark\">\n")
                .element("title", page.title() + " – event streams")
                .raw("<link rel=\"stylesheet\" href=\"style.css\">\n</head>\n<body>\n<header>\n");
        writeNavigation(html, page);
        html.raw("</header>\n<main>\n").element("h1", page.title());
        int id = 1;
        for (Section section : page.sections()) {
            write(html, section, id++);
        }
        return html.raw("</main>\n</body>\n</html>\n").toString();
    }

    private void writeNavigation(Markup html, Page page) {
        html.raw("<nav aria-label=\"Pages\">\n");
        navigation.forEach((name, title) -> {
            html.raw("<a").attribute("href", name);
            if (name.equals(page.name())) {
                html.raw(" aria-current=\"page\"");
            }
            html.raw(">").text(title).raw("</a>\n");
        });
        html.raw("</nav>\n");
    }

    private static void write(Markup html, Section section, int id) {
        if (section instanceof Note note) {
            html.element("p", note.text());
        } else if (section instanceof Facts facts) {
            write(html, facts);
        } else if (section instanceof Table table) {
            write(html, table, "caption-" + id);
        } else if (section instanceof Form form) {
            write(html, form, "input-" + id + '-');
        }
    }

    private static void write(Markup html, Facts facts) {
        html.raw("<section>\n").element("h2", facts.caption()).raw("<dl>\n");
        facts.facts().forEach(fact -> {
            html.raw("<div>").raw("<dt>").text(fact.label()).raw("</dt><dd>");
            write(html, fact.value());
            html.raw("</dd></div>\n");
        });
        html.raw("</dl>\n</section>\n");
    }

    // a table wider than the window scrolls by itself, with the keyboard, too
    private static void write(Markup html, Table table, String id) {
        html.raw("<div class=\"table\" role=\"region\" tabindex=\"0\"").attribute("aria-labelledby", id);
        html.raw(">\n<table>\n<caption").attribute("id", id);
        html.raw(">").text(table.caption()).raw("</caption>\n<thead>\n<tr>");
        table.columns()
                .forEach(column ->
                        html.raw("<th scope=\"col\">").text(column.label()).raw("</th>"));
        html.raw("</tr>\n</thead>\n<tbody>\n");
        table.rows().forEach(row -> write(html, row));
        html.raw("</tbody>\n</table>\n");
        if (table.rows().isEmpty()) {
            html.element("p", "There are none.");
        } else if (table.leftOut() > 0) {
            html.element("p", "Shown are " + table.rows().size() + " of " + Shown.of(Value.count(table.total())) + '.');
        }
        html.raw("</div>\n");
    }

    private static void write(Markup html, List<Value> row) {
        html.raw("<tr>");
        for (int i = 0; i < row.size(); i++) {
            Value value = row.get(i);
            html.raw(i == 0 ? "<th scope=\"row\"" : "<td").raw(width(value));
            write(html, value);
            html.raw(i == 0 ? "</th>" : "</td>");
        }
        html.raw("</tr>\n");
    }

    private static String width(Value value) {
        if (!isText(value)) {
            return " class=\"number\">";
        }
        return Shown.of(value).length() > LONG_TEXT ? " class=\"long\">" : ">";
    }

    private static boolean isText(Value value) {
        return value instanceof Value.Link link
                ? isText(link.value())
                : value instanceof Value.Text || value instanceof Value.Texts || value instanceof Value.None;
    }

    private static void write(Markup html, Value value) {
        if (value instanceof Value.Link link) {
            html.raw("<a").attribute("href", link.address()).raw(">");
            write(html, link.value());
            html.raw("</a>");
        } else if (value instanceof Value.Text text) {
            html.raw("<bdi>").text(text.text()).raw("</bdi>");
        } else if (value instanceof Value.Texts texts) {
            write(html, texts);
        } else {
            html.text(Shown.of(value));
        }
    }

    private static void write(Markup html, Value.Texts texts) {
        for (int i = 0; i < texts.texts().size(); i++) {
            html.raw(i == 0 ? "<bdi>" : ", <bdi>").text(texts.texts().get(i)).raw("</bdi>");
        }
        if (texts.leftOut() > 0) {
            html.text(" and " + texts.leftOut() + " more");
        }
    }

    private static void write(Markup html, Form form, String id) {
        html.raw("<form method=\"" + (form.isPost() ? "post" : "get") + '"').attribute("action", form.address());
        html.raw(" autocomplete=\"off\">\n<fieldset>\n").element("legend", form.legend());
        if (!form.hint().isEmpty()) {
            html.element("p", form.hint());
        }
        form.inputs().forEach(input -> write(html, input, id + input.name()));
        html.element("button", form.button()).raw("</fieldset>\n</form>\n");
    }

    private static void write(Markup html, Input input, String id) {
        if (input.isHidden()) {
            html.raw("<input type=\"hidden\"").attribute("name", input.name()).attribute("value", input.value());
            html.raw(">\n");
            return;
        }
        html.raw("<div class=\"input\"><label").attribute("for", id).raw(">").text(input.label());
        html.raw("</label>").raw(input.choices().isEmpty() ? "<input type=\"text\"" : "<select");
        html.attribute("id", id).attribute("name", input.name());
        if (input.choices().isEmpty()) {
            html.attribute("value", input.value()).raw(">");
        } else {
            writeChoices(html.raw(">"), input);
        }
        html.raw("</div>\n");
    }

    private static void writeChoices(Markup html, Input input) {
        for (String choice : input.choices()) {
            html.raw(choice.equals(input.value()) ? "<option selected>" : "<option>")
                    .text(choice)
                    .raw("</option>");
        }
        html.raw("</select>");
    }
}
