package dev.eventstream.limit;

/** The limits that refuse new streams, each with its YAML key and its metric. */
public enum Limit {
    STREAMS("streams", "streams", "This node cannot hold more streams", false),
    NEW_STREAMS("newStreamsPerSecond", "new-streams", "This node cannot open more streams at the moment", false),
    STARTS_AT_ONCE("startsAtOnce", "starts-at-once", "This node is working on too many requests for streams", false),
    FEEDS("feeds", "feeds", "This node cannot follow more channels", false),
    /** The share of anonymous readers in the links that a proxy can fetch in time. */
    ANONYMOUS_LINKS(
            "anonymousLinks",
            "anonymous-links",
            "The proxy cannot serve more sets of channels to readers who have not" + " signed in",
            false),
    STREAMS_PER_PRINCIPAL(
            "streamsPerPrincipal", "streams-per-principal", "This user cannot open more streams on this node", true),
    STREAMS_PER_ADDRESS(
            "streamsPerAddress", "streams-per-address", "This address cannot open more streams on this node", true),
    CHANNEL_SETS_PER_ADDRESS(
            "channelSetsPerAddress",
            "channel-sets-per-address",
            "Readers at this address who have not signed in cannot open streams of more sets of channels on this node",
            true),
    NEW_STREAMS_PER_ADDRESS(
            "newStreamsPerSecondPerAddress",
            "new-streams-per-address",
            "This address opens too many streams at a time",
            true);

    private final String key;
    private final String metric;
    private final String text;
    private final boolean isOfOneReader;

    Limit(String key, String metric, String text, boolean isOfOneReader) {
        this.key = "eventStream.limits." + key;
        this.metric = metric;
        this.text = text;
        this.isOfOneReader = isOfOneReader;
    }

    /** The YAML key. */
    public String key() {
        return key;
    }

    /** The last part of the name of the metric that counts refusals. */
    public String metric() {
        return metric;
    }

    /** For the person whose request is refused. */
    public String text() {
        return text + " (" + key + "); try again later.";
    }

    /** Whether one user or address has reached the limit, rather than the node. */
    public boolean isOfOneReader() {
        return isOfOneReader;
    }
}
