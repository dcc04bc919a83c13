package dev.eventstream.admin.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.eventstream.admin.page.Section.Facts;
import dev.eventstream.admin.page.Section.Note;
import dev.eventstream.admin.page.Section.Table;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;

/** Writes a page as JSON: its title, its notes, and one member for each table and group of facts. Stateless. */
public final class JsonPage {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int DIGITS = 3;

    private JsonPage() {}

    /** The page as an object. */
    public static String write(Page page) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("title", Shown.clean(page.title()));
            json.writeArrayFieldStart("notes");
            for (Section section : page.sections()) {
                if (section instanceof Note note) {
                    json.writeString(Shown.clean(note.text()));
                }
            }
            json.writeEndArray();
            for (Section section : page.sections()) {
                write(json, section);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.append('\n').toString();
    }

    private static void write(JsonGenerator json, Section section) throws IOException {
        if (section instanceof Facts facts) {
            json.writeObjectFieldStart(facts.key());
            for (Section.Fact fact : facts.facts()) {
                json.writeFieldName(fact.key());
                write(json, fact.value());
            }
            json.writeEndObject();
        } else if (section instanceof Table table) {
            write(json, table);
        }
    }

    private static void write(JsonGenerator json, Table table) throws IOException {
        json.writeObjectFieldStart(table.key());
        json.writeNumberField("total", table.total());
        json.writeNumberField("leftOut", table.leftOut());
        json.writeArrayFieldStart("rows");
        for (List<Value> row : table.rows()) {
            json.writeStartObject();
            for (int i = 0; i < row.size(); i++) {
                json.writeFieldName(table.columns().get(i).key());
                write(json, row.get(i));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Value value) throws IOException {
        if (value instanceof Value.Count count) {
            json.writeNumber(count.count());
        } else if (value instanceof Value.Bytes bytes) {
            json.writeNumber(bytes.bytes());
        } else if (value instanceof Value.Rate rate) {
            json.writeNumber(rounded(rate.perSecond()));
        } else if (value instanceof Value.Share share) {
            json.writeNumber(rounded(share.part()));
        } else if (value instanceof Value.Span span) {
            json.writeNumber(seconds(span.length()));
        } else if (value instanceof Value.Time time) {
            json.writeString(time.at().toString());
        } else if (value instanceof Value.None) {
            json.writeNull();
        } else if (value instanceof Value.Texts texts) {
            write(json, texts);
        } else if (value instanceof Value.Link link) {
            write(json, link.value());
        } else {
            json.writeString(Shown.clean(Shown.of(value)));
        }
    }

    private static void write(JsonGenerator json, Value.Texts texts) throws IOException {
        json.writeStartArray();
        for (String text : texts.texts()) {
            json.writeString(Shown.clean(text));
        }
        if (texts.leftOut() > 0) {
            json.writeString("… " + texts.leftOut() + " more");
        }
        json.writeEndArray();
    }

    private static BigDecimal rounded(double number) {
        return BigDecimal.valueOf(Double.isFinite(number) ? number : 0).setScale(DIGITS, RoundingMode.HALF_UP);
    }

    private static BigDecimal seconds(Duration length) {
        return BigDecimal.valueOf(length.toMillis(), DIGITS);
    }
}
