package dev.eventstream.example;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Map;

/** Pages tell here, every three seconds, that they show the events of a source. Public: the source's rate is limited. */
@Path("/demand/{source}")
public final class DemandResource {
    private final Map<String, OnDemand> sources;

    DemandResource(Map<String, OnDemand> sources) {
        this.sources = Map.copyOf(sources);
    }

    @POST
    public void ask(@PathParam("source") String name) {
        OnDemand source = sources.get(name);
        if (source == null) {
            throw new NotFoundException("there is no such source; allowed are " + String.join(", ", sources.keySet()));
        }
        source.ask();
    }
}
