package dev.eventstream.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.json.Json;
import org.openqa.selenium.remote.Command;
import org.openqa.selenium.remote.CommandExecutor;
import org.openqa.selenium.remote.DriverCommand;
import org.openqa.selenium.remote.Response;

/**
 * Firefox's own protocol for remote control, which is WebDriver with other names over TCP. Debian lacks geckodriver,
 * the usual program in between. A message is the number of its bytes, a colon, and a JSON array.
 *
 * <p>Confined to one thread.
 */
final class Marionette implements CommandExecutor, AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private static final Map<String, String> NAMES = Map.ofEntries(
            entry(DriverCommand.NEW_SESSION, "WebDriver:NewSession"),
            entry(DriverCommand.GET, "WebDriver:Navigate"),
            entry(DriverCommand.EXECUTE_SCRIPT, "WebDriver:ExecuteScript"),
            entry(DriverCommand.SWITCH_TO_NEW_WINDOW, "WebDriver:NewWindow"),
            entry(DriverCommand.SWITCH_TO_WINDOW, "WebDriver:SwitchToWindow"),
            entry(DriverCommand.GET_CURRENT_WINDOW_HANDLE, "WebDriver:GetWindowHandle"),
            entry(DriverCommand.SET_CURRENT_WINDOW_POSITION, "WebDriver:SetWindowRect"),
            entry(DriverCommand.SCREENSHOT, "WebDriver:TakeScreenshot"),
            entry(DriverCommand.CLOSE, "WebDriver:CloseWindow"),
            entry(DriverCommand.QUIT, "WebDriver:DeleteSession"));

    private final Json json = new Json();
    private final Socket socket;
    private int count;

    /** Connects to a Firefox that listens on a port of this machine. */
    Marionette(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        read(); // the greeting
    }

    @Override
    public Response execute(Command command) throws IOException {
        String name = NAMES.get(command.getName());
        if (name == null) {
            throw new UnsupportedOperationException(command.getName() + " has no name in Marionette here; add it");
        }
        boolean isNewSession = name.equals("WebDriver:NewSession");
        Object result = call(name, isNewSession ? Map.of() : command.getParameters());
        Response response = new Response();
        response.setState("success");
        response.setValue(result);
        if (isNewSession && result instanceof Map<?, ?> session) {
            response.setSessionId(String.valueOf(session.get("sessionId")));
            response.setValue(session.get("capabilities"));
        }
        return response;
    }

    /**
     * Sends a command and waits for its result.
     *
     * @throws WebDriverException if Firefox reports an error
     */
    @Nullable
    Object call(String name, Map<String, ?> parameters) throws IOException {
        byte[] message =
                json.toJson(Arrays.asList(0, ++count, name, parameters)).getBytes(UTF_8);
        socket.getOutputStream().write((message.length + ":").getBytes(UTF_8));
        socket.getOutputStream().write(message);
        List<?> answer = json.toType(read(), List.class);
        if (answer.get(2) != null) {
            throw new WebDriverException(name + ": " + answer.get(2));
        }
        return answer.get(3) instanceof Map<?, ?> result && result.keySet().equals(Set.of("value"))
                ? result.get("value")
                : answer.get(3);
    }

    private String read() throws IOException {
        InputStream in = socket.getInputStream();
        int length = 0;
        for (int c = in.read(); c != ':'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("Firefox has closed the connection");
            }
            length = 10 * length + Character.digit(c, 10);
        }
        return new String(in.readNBytes(length), UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
