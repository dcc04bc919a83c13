// before the extension: it then opens its streams with the browser client, which returns from the last position
htmx.createEventSource = address => eventSourceOf(openStream(address));
