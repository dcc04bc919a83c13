package dev.eventstream;

import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.config.GripFactory;
import dev.eventstream.config.PresenceFactory;
import dev.eventstream.config.PublishFactory;
import dev.eventstream.http.ClientFiles;
import dev.eventstream.http.ClientScriptResource;
import dev.eventstream.http.StreamRoute;
import java.util.List;
import java.util.Map;

/** Refuses paths that are malformed or that two parts of the bundle would share. */
final class PathChecks {
    /** The path at which the inspector's files are served. */
    static final String INSPECTOR_FILES =
            ClientFiles.INSPECTOR_ROOT + '{' + ClientScriptResource.DIGEST + "}/{" + ClientScriptResource.FILE + '}';

    private PathChecks() {}

    /**
     * @throws IllegalArgumentException with the key and the path
     */
    static void check(List<StreamRoute> routes, EventStreamFactory factory) {
        for (int i = 0; i < routes.size(); i++) {
            checkUnused("eventStream.routes[" + i + "].path", routes.get(i), routes.subList(0, i));
        }
        factory.publish().map(PublishFactory::getPath).ifPresent(path -> fixed("eventStream.publish.path", path));
        factory.clientScript().ifPresent(path -> checkClient(path, routes));
        if (factory.isInspector()) {
            checkUnused("a path of eventStream.inspector", StreamRoute.at(INSPECTOR_FILES), routes);
        }
        factory.presence()
                .map(PresenceFactory::getPath)
                .ifPresent(path ->
                        checkUnused("eventStream.presence.path", fixed("eventStream.presence.path", path), routes));
        factory.grip().map(GripFactory::getNextPath).ifPresent(path -> checkNext(path, routes));
    }

    private static void checkClient(String script, List<StreamRoute> routes) {
        checkUnused("eventStream.clientScript", fixed("eventStream.clientScript", script), routes);
        if (script.equals(mapBeside(script))) {
            throw new IllegalArgumentException("eventStream.clientScript is \"" + script
                    + "\", the address of the script's source map; give the script another name");
        }
        for (String path : clientPaths(script).keySet()) {
            checkUnused("a path of eventStream.clientScript", StreamRoute.at(path), routes);
        }
    }

    /**
     * The paths at which the browser client is served, each with the file that it serves: the configured path, the path of the source map
     * beside it, and the paths that name their file.
     */
    static Map<String, String> clientPaths(String script) {
        String file = '{' + ClientScriptResource.FILE + '}';
        return Map.of(
                script,
                ClientFiles.SCRIPT,
                mapBeside(script),
                ClientFiles.SCRIPT_MAP,
                ClientFiles.ROOT + file,
                ClientFiles.SCRIPT,
                ClientFiles.ROOT + '{' + ClientScriptResource.DIGEST + "}/" + file,
                ClientFiles.SCRIPT);
    }

    private static String mapBeside(String script) {
        return script.substring(0, script.lastIndexOf('/') + 1) + ClientFiles.SCRIPT_MAP;
    }

    private static void checkNext(String path, List<StreamRoute> routes) {
        StreamRoute next = StreamRoute.at(path + "/{digest}");
        checkUnused("eventStream.grip.nextPath", next, routes);
    }

    private static void checkUnused(String key, StreamRoute route, List<StreamRoute> others) {
        for (StreamRoute other : others) {
            if (route.isSameAddressAs(other)) {
                throw new IllegalArgumentException(key + " is \"" + route.path()
                        + "\", the same address as the route \"" + other.path() + "\"; each needs a different one");
            }
        }
    }

    private static StreamRoute fixed(String key, String path) {
        if (!path.startsWith("/") || path.indexOf('{') >= 0) {
            throw new IllegalArgumentException(
                    key + " is \"" + path + "\"; allowed is a path that begins with '/' and has no '{'");
        }
        return StreamRoute.at(path);
    }
}
