package dev.eventstream.admin;

import dev.eventstream.admin.page.Page;
import dev.eventstream.admin.page.Parameters;
import dev.eventstream.admin.page.Section;
import dev.eventstream.admin.page.Section.Input;
import dev.eventstream.admin.page.Value;
import dev.eventstream.admin.why.OpenStreams;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.subscriber.StreamInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The direct streams of this node: those that match, and all of these by channel, user and address.
 *
 * <p>Thread-safe.
 */
final class StreamsPage implements PageSource {
    /** Most streams that are shown. */
    static final int MAX_ROWS = 200;

    private static final String ANONYMOUS = "not signed in";
    private static final List<String> ORDERS = List.of("age", "pending");

    private final OpenStreams streams;

    StreamsPage(OpenStreams streams) {
        this.streams = streams;
    }

    @Override
    public List<String> parameters() {
        return List.of("channel", "user", "address", "sort");
    }

    @Override
    public Page page(Parameters parameters) {
        String order = parameters.oneOf("sort", ORDERS);
        Optional<ChannelName> channel = parameters.channel("channel");
        Optional<String> user = parameters.text("user");
        Optional<String> address = parameters.text("address");
        List<StreamInfo> found = streams.all().stream()
                .filter(stream -> channel.map(stream.channels()::contains).orElse(true)
                        && user.map(stream.reader()::isUser).orElse(true)
                        && address.map(stream.client()::equals).orElse(true))
                .toList();
        return PageName.STREAMS.page(List.of(
                new Section.Note("The direct streams that this node holds. It does not know those behind a proxy."),
                form(parameters, order),
                table(found, order),
                byChannel(found),
                byUser(found),
                byAddress(found)));
    }

    private static Section form(Parameters parameters, String order) {
        List<Input> inputs = new ArrayList<>();
        inputs.add(new Input("channel", "channel", parameters.text("channel").orElse("")));
        inputs.add(new Input("user", "user", parameters.text("user").orElse("")));
        inputs.add(new Input("address", "address", parameters.text("address").orElse("")));
        inputs.add(new Input("sort", "sorted by", order, ORDERS));
        return new Section.Form(false, PageName.STREAMS.path(), "Which streams", "", inputs, "Show");
    }

    private static Section table(List<StreamInfo> found, String order) {
        Comparator<StreamInfo> comparator = order.equals("pending")
                ? Comparator.comparingLong(StreamInfo::pendingBytes)
                : Comparator.comparing(StreamInfo::age);
        return new Section.Table(
                "streams",
                order.equals("pending") ? "Streams, most pending bytes first" : "Streams, oldest first",
                Section.columns(
                        "stream",
                        "stream",
                        "user",
                        "user",
                        "address",
                        "address",
                        "channels",
                        "channels",
                        "types",
                        "types",
                        "state",
                        "state",
                        "ageSeconds",
                        "age",
                        "pendingBytes",
                        "pending"),
                found.stream()
                        .sorted(comparator.reversed().thenComparingLong(StreamInfo::number))
                        .limit(MAX_ROWS)
                        .map(StreamsPage::row)
                        .toList(),
                found.size());
    }

    private static List<Value> row(StreamInfo stream) {
        String number = String.valueOf(stream.number());
        return List.of(
                new Value.Link(Value.count(stream.number()), PageName.WHY.with("stream", number)),
                stream.reader().user().map(Value::text).orElse(new Value.None(ANONYMOUS)),
                Value.text(stream.client()),
                Value.texts(stream.channels()),
                stream.types().isAll()
                        ? new Value.None("all")
                        : Value.texts(stream.types().sorted()),
                Value.text(stream.progress().label()),
                Value.span(stream.age()),
                Value.bytes(stream.pendingBytes()));
    }

    private static Section byChannel(List<StreamInfo> found) {
        return new StreamGroups(
                        found,
                        stream -> stream.channels().stream()
                                .map(ChannelName::value)
                                .toList())
                .table(
                        "byChannel",
                        "By channel",
                        "channel",
                        name -> Value.link(name, PageName.STREAMS.with("channel", name)));
    }

    private static Section byUser(List<StreamInfo> found) {
        return new StreamGroups(
                        found, stream -> stream.reader().user().map(List::of).orElse(List.of()))
                .table("byUser", "By user", "user", name -> Value.link(name, PageName.STREAMS.with("user", name)));
    }

    private static Section byAddress(List<StreamInfo> found) {
        return new StreamGroups(found, stream -> List.of(stream.client()))
                .table(
                        "byAddress",
                        "By address",
                        "address",
                        name -> Value.link(name, PageName.STREAMS.with("address", name)));
    }
}
